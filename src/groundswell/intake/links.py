"""The tracked links of a site, from `links.json`: where each leads, and under which name it counts.

docs/formats/links.md describes the file. `messengers` writes it; here it is only read.
"""

import logging
import re
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec

from groundswell.intake.assets import Headers

FORMAT: Final = 1
SOURCE: Final = re.compile(r"[a-z0-9_-]{1,32}")
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{1,31}")
_PAGE: Final = re.compile(r"[0-9a-f]{32}")
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9-]{1,16}")
# A path of our own and nothing that a browser could take for another site.
_PATH: Final = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\?#]*")
log = logging.getLogger("groundswell.intake")


class Link(msgspec.Struct, frozen=True):
    """Where a key leads. `to` are paths by language; `lang` empty: the visitor's own decides."""

    s: str
    page: str
    to: dict[str, str]
    main: str
    lang: str = ""
    card: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether it leads to this site only and can be counted."""
        return bool(
            SOURCE.fullmatch(self.s)
            and _PAGE.fullmatch(self.page)
            and self.main in self.to
            and all(map(_LANGUAGE.fullmatch, self.to))
            and all(map(_PATH.fullmatch, self.to.values()))
            and self.lang in {"", *self.to}
        )


class Lead:
    """A link made ready: what to answer in each language, as the site is now.

    By the site's redirects, and without the languages that are gone. With nothing left it leads to
    where its pages were, and what is there says in the visitor's language that they have gone.
    """

    __slots__ = ("card", "language", "languages", "main", "page", "replies", "source")

    def __init__(
        self,
        link: Link,
        *,
        known: Container[str],
        moved: Mapping[str, str],
        headers: Headers,
    ) -> None:
        there = {
            code: path if path in known else moved.get(path, path) for code, path in link.to.items()
        }
        there = {code: path for code, path in there.items() if path in known} or there
        self.page = link.page
        self.source = link.s
        self.card = link.card
        self.languages = tuple(there)
        self.language = link.lang if link.lang in there else ""
        self.main = link.main if link.main in there else self.languages[0]
        self.replies: dict[str, Headers] = {
            code: [("location", f"{quote(path)}?s={link.s}"), *headers]
            for code, path in there.items()
        }


class _File(msgspec.Struct):
    format: int
    links: dict[str, msgspec.Raw]


def load_links(path: Path) -> dict[str, Link]:
    """The links of a file by their keys; none when there is no file.

    One that is wrong is left out, and said in the log, so that it takes no other with it. Raises
    OSError, ValueError and msgspec.MsgspecError when the file as a whole cannot be read.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return {}
    file = msgspec.json.decode(text, type=_File)
    if file.format != FORMAT:
        raise ValueError(f"format {file.format}")
    links = {key: link for key, raw in file.links.items() if (link := _link(key, raw))}
    if len(links) < len(file.links):
        log.error("tracked links skipped: %d", len(file.links) - len(links))
    return links


def _link(key: str, raw: msgspec.Raw) -> Link | None:
    try:
        link = msgspec.json.decode(raw, type=Link)
    except msgspec.MsgspecError:
        return None
    return link if _KEY.fullmatch(key) and link.is_sound else None
