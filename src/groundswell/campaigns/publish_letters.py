"""What of open letters is published apart: names, page by page, and the PDF. For core.

An organiser's publishing must not wait for a hundred thousand names or for a drawing. So both are
made here, after it: only the pages that changed, a few at a time, and drawn without the lock.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from uuid import UUID

import msgspec

from groundswell.base import clock
from groundswell.campaigns import (
    counters,
    letter_names,
    letter_pdf,
    letter_texts,
    pack,
    publish,
    publish_files,
    render,
    signatories,
)
from groundswell.campaigns.letter_names import Place, Stretch
from groundswell.campaigns.models import Campaign, OpenLetterPage
from groundswell.campaigns.pack import Site
from groundswell.campaigns.publish_files import Linked
from groundswell.campaigns.render_letter_pages import LetterPages
from groundswell.campaigns.render_letter_views import OpenLetterView
from groundswell.campaigns.render_media import Pictures, as_stored
from groundswell.campaigns.render_pages import Page, Pages
from groundswell.campaigns.render_read import Reader
from groundswell.delivery.pdf.drawing import CannotDraw

KIND: Final = "open_letter"
FOLDER: Final = "letters"
# Pages written at once: so long does an organiser's publishing wait for us at most.
AT_ONCE: Final = 25
# A letter's own page follows its signatories at most this often.
PATIENCE_SECONDS: Final = 15
_FORMAT: Final = 1  # one more whenever the pages of names are to be made anew


class Tongue(msgspec.Struct, kw_only=True):
    """What is published of a letter in one language; `pages` are the digests of its names'."""

    path: str
    frame: str = ""
    pages: list[str] = []
    index: str = ""
    pdf: str = ""


class Kept(msgspec.Struct, kw_only=True):
    """What is published of a letter. `begun` is where each page of names begins.

    `mark` is what there was when all was done, `signed` what the letter's own pages know.
    """

    begun: list[Place] = []
    mark: str = ""
    signed: str = ""
    followed_at: int = 0
    tongues: dict[str, Tongue] = {}


def refresh() -> bool:
    """Bring names and PDFs up to date; returns whether there is more to do at once.

    Raises CannotDraw, when everything else is done, for a letter that no font here can draw.
    """
    site = publish_files.site()
    letters: dict[str, list[Linked]] = {}
    for scope, published in publish_files.load(site).scopes.items():
        for linked in published.actions.values():
            if linked.kind == KIND and scope.startswith(publish.CAMPAIGN):
                letters.setdefault(linked.page, []).append(linked)
    _remove_gone(site, letters)
    left, undrawn = False, None
    for page, links in letters.items():
        try:
            left |= _Letter(site, page, links).step()
        except CannotDraw as error:
            # One letter's script must not keep the others from being drawn.
            undrawn = error
    if undrawn is not None:
        raise undrawn
    return left


class _Letter:
    """One letter in all its languages."""

    def __init__(self, site: Site, page: str, links: list[Linked]) -> None:
        self._site = site
        self._page = page
        self._key = UUID(hex=page)
        self._links = links
        self._kept = _load(site, page)

    def step(self) -> bool:
        """Do the next part of what there is to do; returns whether something is left."""
        signed = _signed(self._key)
        mark = self._mark(signed)
        if mark == self._kept.mark:
            return False
        self._kept.mark = ""
        try:
            self._leave_old_places()
            self._follow(signed)
            stretches = letter_names.stretches(page_key=self._key, begun=self._kept.begun)
            self._kept.begun = [one.begins for one in stretches]
            left = [self._tongue(linked, stretches) for linked in self._links]
            if not any(left) and self._kept.signed == signed and mark == self._mark(signed):
                self._kept.mark = mark
            return any(left)
        finally:
            with self._site.locked():
                _save(self._site, self._page, self._kept)

    def _mark(self, signed: str) -> str:
        """What is the same as long as there is nothing to do; found without reading the names."""
        frames = [(one.lang, one.path, self._frame(one)) for one in self._links]
        return _digest(signed, [frames, f"{clock.now():%Y-%m-%d}"])

    def _leave_old_places(self) -> None:
        """Take away what is published for languages that went, or under an old address."""
        live = {linked.lang: linked.path for linked in self._links}
        for lang, tongue in list(self._kept.tongues.items()):
            if live.get(lang) != tongue.path:
                with self._site.locked():
                    _remove(self._site, tongue)
                del self._kept.tongues[lang]

    def _follow(self, signed: str) -> None:
        """Have the letter's own pages made anew when somebody signed, went or was decided about."""
        now = clock.to_ms(clock.now())
        if signed == self._kept.signed or now - self._kept.followed_at < PATIENCE_SECONDS * 1000:
            return
        page = OpenLetterPage.objects.filter(translation_key=self._key, live=True).first()
        if page is not None:
            publish.publish_page(page)
        self._kept.signed, self._kept.followed_at = signed, now

    def _tongue(self, linked: Linked, stretches: list[Stretch]) -> bool:
        tongue = self._kept.tongues.setdefault(linked.lang, Tongue(path=linked.path))
        frame = self._frame(linked)
        wanted = [one.digest for one in stretches]
        index = _digest(frame, [sum(len(one.numbers) for one in stretches), len(stretches)])
        drawn = _digest(frame, [self._kept.signed, f"{clock.now():%Y-%m-%d}"])
        if (tongue.frame, tongue.pages, tongue.index, tongue.pdf) == (frame, wanted, index, drawn):
            return False
        view = _View.of(self._key, linked)
        if view is None:
            return False
        if tongue.frame != frame:
            tongue.frame, tongue.pages = frame, []
        changed = list(_changed(tongue.pages, wanted))
        self._write_names(view, tongue, stretches, changed[:AT_ONCE])
        if tongue.index != index:
            self._write([view.all_names(stretches)])
            tongue.index = index
        if tongue.pdf != drawn:
            self._draw(view, linked)
            tongue.pdf = drawn
        return len(changed) > AT_ONCE

    def _frame(self, linked: Linked) -> str:
        """What is around the names on each page, as far as it can be told without making one."""
        file = self._site.public / f"{linked.path.lstrip('/')}flag/done/index.html"
        around = file.read_bytes() if file.is_file() else b""
        changed = len(letter_texts.revisions(page_key=self._key, language=linked.lang)) > 1
        return _digest(sha256(around).hexdigest(), [_FORMAT, changed])

    def _write_names(
        self, view: "_View", tongue: Tongue, stretches: list[Stretch], changed: list[int]
    ) -> None:
        self._write([view.names(number, stretches) for number in changed])
        tongue.pages += [""] * (len(stretches) - len(tongue.pages))
        for number in changed:
            tongue.pages[number] = stretches[number].digest

    def _write(self, pages: list[Page]) -> None:
        if not pages:
            return
        with self._site.locked():
            for page in pages:
                self._site.put(page.file, page.html.encode(), quality=pack.QUALITY_STAMP)
                self._site.put_headers(page.file, render.headers())
            self._site.announce()

    def _draw(self, view: "_View", linked: Linked) -> None:
        made = view.pdf()
        with self._site.locked():
            self._site.put(f"{linked.path.lstrip('/')}letter.pdf", made)
            self._site.announce()


class _View:
    """A letter in one language as its pages see it."""

    def __init__(self, page: OpenLetterPage, campaign: Campaign) -> None:
        self._stored: dict[str, bytes] = {}
        pictures = Pictures(as_stored, self._keep)
        totals = {page.page_key: counters.totals(page_key=page.page_key)}
        reader = Reader(now=clock.now(), totals=totals, pictures=pictures)
        site = reader.site(page.language)
        action = reader.action(page, campaign)
        if not isinstance(action, OpenLetterView):
            raise TypeError(f"{type(action).__name__} is no open letter")
        self._action, self._lang, self._url = action, page.language, site.url
        self._pages: LetterPages = Pages(site).letter(action, reader.campaign(campaign))

    @classmethod
    def of(cls, key: UUID, linked: Linked) -> "_View | None":
        """The letter, unless it went this moment."""
        pages = OpenLetterPage.objects.filter(translation_key=key, live=True)
        page = pages.filter(locale__language_code=linked.lang).first()
        return cls(page, page.campaign) if page is not None else None

    def names(self, number: int, stretches: list[Stretch]) -> Page:
        """One page of names; `number` counts from 0, the page's own from 1."""
        return self._pages.names(
            number + 1,
            letter_names.names(numbers=stretches[number].numbers),
            before=number or None,
            after=number + 2 if number + 1 < len(stretches) else None,
        )

    def all_names(self, stretches: list[Stretch]) -> Page:
        """The way to all pages of names, the newest first."""
        shown = sum(len(one.numbers) for one in stretches)
        return self._pages.all_names(shown, range(len(stretches), 0, -1))

    def pdf(self) -> bytes:
        """The letter as a PDF."""
        sheet = letter_pdf.data(self._action, url=self._url, lang=self._lang)
        return letter_pdf.pdf(sheet, self._stored)

    def _keep(self, name: str, data: bytes) -> str:
        self._stored[name] = data
        return f"/media/{name}"


def _changed(old: list[str], new: list[str]) -> Iterator[int]:
    """Which pages must be written; the one that was the last must know of the one after it."""
    for number, digest in enumerate(new):
        grew = number == len(old) - 1 and len(new) > len(old)
        if number >= len(old) or old[number] != digest or grew:
            yield number


def _signed(key: UUID) -> str:
    """What differs as soon as the letter's own pages must say something else of who signed."""
    texts = counters.by(page_key=key, dimension="text")
    changed = len(letter_texts.revisions(page_key=key)) > 1
    firsts = [msgspec.structs.replace(one, picture=b"") for one in signatories.first(key)]
    counted = [(one.value, one.confirmed) for one in texts] if changed else []
    return _digest("", [firsts, letter_names.pulse(page_key=key), counted])


def _digest(first: str, parts: object) -> str:
    return sha256(first.encode() + msgspec.json.encode(parts)).hexdigest()[:16]


def _load(site: Site, page: str) -> Kept:
    try:
        return msgspec.json.decode((site.folder / FOLDER / f"{page}.json").read_bytes(), type=Kept)
    except (FileNotFoundError, msgspec.DecodeError):
        return Kept()


def _save(site: Site, page: str, kept: Kept) -> None:
    pack.write(site.folder / FOLDER / f"{page}.json", msgspec.json.encode(kept))


def _remove_gone(site: Site, letters: dict[str, list[Linked]]) -> None:
    for file in (site.folder / FOLDER).glob("*.json"):
        if file.stem not in letters:
            with site.locked():
                for tongue in _load(site, file.stem).tongues.values():
                    _remove(site, tongue)
                file.unlink(missing_ok=True)
                site.announce()


def _remove(site: Site, tongue: Tongue) -> None:
    below = tongue.path.lstrip("/")
    for number in range(1, len(tongue.pages) + 1):
        site.remove(f"{below}names/{number}/index.html")
    site.remove(f"{below}names/index.html")
    site.remove(f"{below}letter.pdf")
