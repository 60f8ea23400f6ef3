"""Reading an action page as a browser would: its form, its pictures, its languages, its count."""

import asyncio
import re
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import msgspec

from groundswell.base.errors import Trouble
from groundswell.rehearsal import client
from groundswell.rehearsal.client import Cut, Reply
from groundswell.rehearsal.target import Target

PATIENCE: Final = 20.0
_WIDTHS: Final = {"phone": 960, "desk": 1600}  # pixels, not points


class Field(msgspec.Struct):
    """One thing that a form sends. `options` are what may be chosen."""

    name: str
    kind: str
    required: bool = False
    value: str = ""
    options: list[str] = []


class Page(msgspec.Struct):
    """One action page in one language. `assets` are what a browser loads with it, by device."""

    path: str
    lang: str = ""
    fields: list[Field] = []
    assets: dict[str, list[str]] = {}
    count: str = ""
    others: dict[str, str] = {}

    @property
    def can_be_signed(self) -> bool:
        return any(field.name == "email" for field in self.fields)


async def look(target: Target, path: str) -> list[Page]:
    """The action page at a path, and the same in its other languages. Raises Trouble."""
    tls = client.context(target)
    first = await _page(target, path, tls)
    if not first.can_be_signed:
        raise Trouble(f"{target.origin}{path} is no page that can be signed, or it is closed")
    others = [one for lang, one in first.others.items() if lang != first.lang]
    return [first, *[await _page(target, one, tls) for one in others]]


async def find(target: Target) -> str:
    """The path of the first page of a site that can be signed. Raises Trouble."""
    tls = client.context(target)
    reply = await get(target, "/sitemap.xml", tls)
    places = re.findall(r"<loc>([^<]+)</loc>", reply.body.decode(errors="replace"))
    for place in places[:200]:
        path: str = urlsplit(place).path
        if (await _page(target, path, tls)).can_be_signed:
            return path
    raise Trouble(f"nothing can be signed at {target.origin}: name a page with --page")


async def get(target: Target, path: str, tls: Any) -> Reply:
    """One file, uncompressed. Raises Trouble, for a redirect too: it might leave the list."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {target.authority}\r\nAccept-Encoding: identity\r\n\r\n"
    )
    try:
        async with asyncio.timeout(PATIENCE):
            connection = await client.connect(target, tls)
            try:
                reply = await connection.ask(request.encode())
            finally:
                connection.close()
    except (OSError, Cut, TimeoutError) as error:
        why = "it takes too long" if isinstance(error, TimeoutError) else str(error)
        raise Trouble(f"{target.origin}{path} does not answer: {why}") from error
    if reply.status != 200:
        raise Trouble(f"{target.origin}{path} answers {reply.status}")
    return reply


async def _page(target: Target, path: str, tls: Any) -> Page:
    reply = await get(target, path, tls)
    reader = _Reader(path)
    reader.feed(reply.body.decode(errors="replace"))
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.page = Page(path)
        self._in_form = False
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "data-tally" in given:
            self.page.count = f"/count/{given['data-tally']}.json"
        match tag:
            case "html":
                self.page.lang = given.get("lang", "")
            case "link":
                self._link(given)
            case "script" | "img":
                self._asset(given)
            case "form":
                self._in_form = "data-send" in given
            case "select" | "input" | "textarea" | "option":
                self._field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        elif tag == "select":
            self._select = None

    def _link(self, given: dict[str, str]) -> None:
        kinds, lang = given.get("rel", "").split(), given.get("hreflang", "x-default")
        if "alternate" in kinds and lang != "x-default":
            self.page.others[lang] = urlsplit(given.get("href", "")).path
        elif "stylesheet" in kinds or given.get("type") == "image/svg+xml":
            self._load(given.get("href", ""))

    def _asset(self, given: dict[str, str]) -> None:
        choices = re.findall(r"(\S+)\s+(\d+)w", given.get("srcset", ""))
        if not choices:
            self._load(given.get("src", ""))
            return
        for device, width in _WIDTHS.items():
            # The smallest that is wide enough, as browsers choose.
            wide = sorted((int(size), url) for url, size in choices)
            url = next((url for size, url in wide if size >= width), wide[-1][1])
            self._load(url, device)

    def _load(self, url: str, *devices: str) -> None:
        parts = urlsplit(urljoin(self.page.path, url))
        if url and not parts.netloc and not url.startswith("data:"):
            for device in devices or _WIDTHS:
                self.page.assets.setdefault(device, []).append(parts.path)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        if tag == "option":
            if self._select is not None and given.get("value"):
                self._select.options.append(given["value"])
            return
        if not self._in_form or not given.get("name"):
            return
        kind = given.get("type", "text") if tag == "input" else tag
        known = next((one for one in self.page.fields if one.name == given["name"]), None)
        if known is not None and kind == "radio":
            known.options.append(given.get("value", "on"))
            return
        options = [given.get("value", "on")] if kind == "radio" else []
        field = Field(given["name"], kind, "required" in given, given.get("value", ""), options)
        self.page.fields.append(field)
        self._select = field if tag == "select" else None
