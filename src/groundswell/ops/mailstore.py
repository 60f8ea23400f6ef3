"""The sink's mails: one .eml file each, and an index of them in memory."""

import email.policy
import re
import secrets
import threading
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Final, NamedTuple

_NAME: Final = re.compile(r"[0-9]{19}-[0-9a-f]{8}")
_parser = BytesParser(policy=email.policy.default)


class Summary(NamedTuple):
    """What the list shows of a mail. `to` are the addresses it was sent to, as SMTP was told."""

    id: str
    at: datetime
    sender: str
    to: list[str]
    subject: str


class MailStore:
    """A folder of mails, the newest kept and the oldest dropped beyond `limit`.

    Safe to use from several threads. Files of an earlier run are found again.
    """

    def __init__(self, folder: Path, *, limit: int = 5000) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder, self._limit = folder, limit
        self._lock = threading.Lock()
        self._mails = [_summary(path) for path in sorted(folder.glob("*.eml"))]

    def add(self, content: bytes, *, recipients: list[str]) -> str:
        """Keep one mail; returns its id."""
        now = datetime.now(UTC)
        name = f"{int(now.timestamp() * 1e9):019d}-{secrets.token_hex(4)}"
        # The envelope's recipients are not in the mail; a header keeps them beside it.
        head = f"X-Envelope-To: {', '.join(recipients)}\r\n".encode("ascii", "replace")
        draft = self._folder / f"{name}.new"
        draft.write_bytes(head + content)
        draft.replace(self._path(name))
        with self._lock:
            self._mails.append(_summary(self._path(name)))
            gone, self._mails = self._mails[: -self._limit], self._mails[-self._limit :]
        for mail in gone:
            self._path(mail.id).unlink(missing_ok=True)
        return name

    def newest(self, *, to: str = "", limit: int = 200) -> list[Summary]:
        """Mails, the newest first; with `to`, those sent to that address."""
        wanted = to.strip().casefold()
        with self._lock:
            mails = list(reversed(self._mails))
        if wanted:
            mails = [mail for mail in mails if wanted in map(str.casefold, mail.to)]
        return mails[:limit]

    def count(self) -> int:
        with self._lock:
            return len(self._mails)

    def read(self, name: str) -> EmailMessage | None:
        """One mail, parsed; None when there is none of that id."""
        raw = self.raw(name)
        return None if raw is None else _message(raw)

    def raw(self, name: str) -> bytes | None:
        """One mail as it came; None when there is none of that id."""
        if not _NAME.fullmatch(name):
            return None
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def clear(self) -> None:
        """Forget all mails."""
        with self._lock:
            gone, self._mails = self._mails, []
        for mail in gone:
            self._path(mail.id).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.eml"


def part(message: EmailMessage, kind: str) -> str:
    """The text of the mail's `plain` or `html` part, empty when it has none."""
    body = message.get_body(preferencelist=(kind,))
    return "" if body is None else str(body.get_content())


def _message(raw: bytes) -> EmailMessage:
    message = _parser.parsebytes(raw)
    assert isinstance(message, EmailMessage)  # noqa: S101  the policy's promise
    return message


def _summary(path: Path) -> Summary:
    name = path.stem
    with path.open("rb") as file:
        message = _parser.parse(file, headersonly=True)  # thousands of them at each start
    at = datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, UTC)
    to = [address.strip() for address in str(message["X-Envelope-To"] or "").split(",")]
    return Summary(name, at, str(message["From"] or ""), to, str(message["Subject"] or ""))
