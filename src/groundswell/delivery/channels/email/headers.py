"""Headers that say what they should and nothing else, whatever somebody typed.

Written by hand: what is not ASCII goes into encoded words (RFC 2047), each on a line of its own and
cut between two characters, which all mail programs can read and no value can break out of.
"""

import base64
import re
import unicodedata
from typing import Final

import idna

from groundswell.base import line as base_line
from groundswell.base.errors import SendFailed

LONGEST_LINE: Final = 70
LONGEST_NAME: Final = 80
LONGEST_SUBJECT: Final = 500
WORD_BYTES: Final = 42
_LOCAL: Final = re.compile(r"[^\s\x00-\x1f\x7f()<>@,;:\\\"\[\]]{1,64}")


class BadAddress(SendFailed):
    """No mail can be sent to that. Says so without quoting it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=True)


def one_line(text: str, most: int) -> str:
    """The text without line breaks, control and direction characters, cut to so many."""
    normal = unicodedata.normalize("NFC", text.replace("\r", " ").replace("\n", " "))
    line = base_line.one_line(normal)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def text(value: str, *, most: int = LONGEST_SUBJECT) -> str:
    """An unstructured header's value, ready for the wire."""
    line = one_line(value, most)
    if not _is_plain(line):
        return "\r\n ".join(_words(line))
    return _folded(line)


def mailbox(name: str, address: str) -> str:
    """A name and its address, as in From. The address is as `checked` returns it."""
    line = one_line(name, LONGEST_NAME)
    if not line:
        return f"<{address}>"
    if not _is_plain(line) or len(line) > LONGEST_LINE:
        return "\r\n ".join([*_words(line), f"<{address}>"])
    escaped = line.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"\r\n <{address}>'


def checked(address: str) -> str:
    """An address with its domain in ASCII. Raises BadAddress. The name before the @ may not be."""
    local, _, domain = address.strip().rpartition("@")
    if not _LOCAL.fullmatch(local):
        raise BadAddress("there is no e-mail address that could be right")
    try:
        ascii_domain = idna.encode(domain, uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise BadAddress("the e-mail address has a domain that cannot be") from None
    if "." not in ascii_domain and ascii_domain != "localhost":
        raise BadAddress("the e-mail address has no full domain")
    return f"{local}@{ascii_domain}"


def _is_plain(line: str) -> bool:
    # What looks like an encoded word would be read as one.
    return line.isascii() and "=?" not in line and all(len(w) < LONGEST_LINE for w in line.split())


def _folded(line: str) -> str:
    rows, row = [], ""
    for word in line.split():
        if row and len(row) + len(word) + 1 > LONGEST_LINE:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}" if row else word
    return "\r\n ".join([*rows, row])


def _words(line: str) -> list[str]:
    words, part = [], b""
    for one in line:
        raw = one.encode("utf-8", "replace")
        if part and len(part) + len(raw) > WORD_BYTES:
            words.append(part)
            part = b""
        part += raw
    return [f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in [*words, part]]
