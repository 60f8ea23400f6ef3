"""What became of letters and calls, one decision maker at a time: for the public and as data."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

import msgspec
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop

from groundswell.campaigns import pack, publish_files, render
from groundswell.campaigns.publish_files import Linked
from groundswell.delivery import queries as delivery
from groundswell.directory import queries as directory

# What a number stands for, in the order of the page. Only an office's own server can say
# "accepted"; what supporters send themselves is told as their word.
LETTER_WORDS: Final = {
    "accepted": gettext_noop("accepted by the office’s server"),
    "pending": gettext_noop("on the way"),
    "bounced": gettext_noop("came back"),
    "failed": gettext_noop("could not be delivered"),
    "with_supporter": gettext_noop("for the supporter to send"),
    "opened": gettext_noop("form opened"),
    "says_sent": gettext_noop("sent, as supporters say"),
}
CALL_WORDS: Final = {
    "reached": gettext_noop("spoke to somebody"),
    "voicemail": gettext_noop("left a message"),
    "busy": gettext_noop("found it busy"),
    "wrong_number": gettext_noop("had a wrong number"),
    "connected": gettext_noop("connected by us"),
}
WORDS: Final = {"letter": LETTER_WORDS, "call": CALL_WORDS}
TITLES: Final = {
    "letter": gettext_noop("What became of the letters"),
    "call": gettext_noop("What became of the calls"),
}
# A page names this many; the data beside it names all.
MOST_SHOWN: Final = 40
FIRST_SHOWN: Final = 6  # the others can be opened: the page is about the story
_MARKED: Final = re.compile(r"<!--became ([0-9a-f]{32})-->.*?<!--/became-->", re.DOTALL)

Tallies = Callable[..., Mapping[str, Mapping[str, int]]]


class Line(msgspec.Struct, frozen=True):
    """One decision maker and how often what happened; only what happened at all."""

    target: str
    name: str
    organization: str
    counts: dict[str, int]

    @property
    def all(self) -> int:
        return sum(self.counts.values())


class TargetsFile(msgspec.Struct, frozen=True):
    """What `/count/<page>.targets.json` says."""

    page: str
    kind: str
    targets: list[Line]


class _Calls:
    """Who can tell what became of calls. The room that knows is above this one."""

    tallies: Tallies = staticmethod(lambda **_: {})


def tell_calls_by(tallies: Tallies) -> None:
    """Ask `tallies(page_keys=…)` what became of calls: {target: {outcome: number}}."""
    _Calls.tallies = staticmethod(tallies)


def lines(*, page_key: UUID, kind: str) -> list[Line]:
    """All decision makers that something of a page went to, those with most first."""
    found = {"letter": _letters, "call": _calls}[kind](page_key) if kind in WORDS else []
    return sorted(found, key=lambda line: (-line.all, line.name))


def data(page: str, kind: str, found: list[Line]) -> bytes:
    """The bytes of `/count/<page>.targets.json`."""
    return msgspec.json.encode(TargetsFile(page, kind, found))


def path(page: str) -> str:
    """Where a page's data lies at the public door."""
    return f"count/{page}.targets.json"


def section(linked: Linked, found: list[Line]) -> SafeString:
    """The part of a campaign's page about one action, between marks that `refresh` finds again."""
    words = WORDS[linked.kind]
    with translation.override(linked.lang):
        rows = [
            (line, [(number, gettext(words[what])) for what, number in line.counts.items()])
            for line in found[:MOST_SHOWN]
        ]
        title = gettext(TITLES[linked.kind])
    html = render.render(
        "public/became.html",
        lang=linked.lang,
        linked=linked,
        title=title,
        first=rows[:FIRST_SHOWN],
        rest=rows[FIRST_SHOWN:],
        more=max(len(found) - MOST_SHOWN, 0),
        path="/" + path(linked.page),
    )
    inner = html.strip() if found else ""
    return mark_safe(f"<!--became {linked.page}-->{inner}<!--/became-->")  # noqa: S308  a template's


def refresh() -> int:
    """Bring the numbers up to date in the published files; returns how many pages' changed."""
    site = publish_files.site()
    links = [
        linked
        for scope in publish_files.load(site).scopes.values()
        for linked in scope.actions.values()
        if linked.kind in WORDS
    ]
    kinds = {linked.page: linked.kind for linked in links}
    now = {page: lines(page_key=UUID(page), kind=kind) for page, kind in kinds.items()}
    fresh = {page: found for page, found in now.items() if _differs(site, page, kinds[page], found)}
    if fresh:
        with site.locked():
            for page, found in fresh.items():
                _write(site, [one for one in links if one.page == page], found)
            site.announce()
    return len(fresh)


def _differs(site: pack.Site, page: str, kind: str, found: list[Line]) -> bool:
    file = site.public / path(page)
    return file.exists() and file.read_bytes() != data(page, kind, found)


def _write(site: pack.Site, links: Iterable[Linked], found: list[Line]) -> None:
    for linked in links:
        shown = linked.path.rstrip("/").rpartition("/")[0].lstrip("/") + "/index.html"
        _stamp(site, shown, linked, found)
        site.put(
            path(linked.page), data(linked.page, linked.kind, found), quality=pack.QUALITY_STAMP
        )


def _stamp(site: pack.Site, shown: str, linked: Linked, found: list[Line]) -> None:
    file = site.public / shown
    if not file.is_file():
        return
    new = section(linked, found)
    html = _MARKED.sub(
        lambda mark: new if mark[1] == linked.page else mark[0], file.read_text(encoding="utf-8")
    )
    site.put(shown, html.encode(), quality=pack.QUALITY_STAMP)


def _letters(page_key: UUID) -> list[Line]:
    found = []
    for one in delivery.per_target(page_keys=[page_key]):
        # What is held is on no way: that, and why, is for the organiser to know and decide.
        told = {what: getattr(one.counts, what) for what in LETTER_WORDS}
        counts = {what: number for what, number in told.items() if number}
        if counts:
            found.append(Line(one.target, one.target_name, one.organization, counts))
    return found


def _calls(page_key: UUID) -> list[Line]:
    tallies = _Calls.tallies(page_keys=[page_key])
    known = directory.targets(tallies)
    found = []
    for key, told in tallies.items():
        counts = {what: told[what] for what in CALL_WORDS if told.get(what)}
        # Callers can send any key: only those the directory knows are shown.
        if counts and key in known:
            found.append(Line(key, known[key].name, known[key].organization, counts))
    return found
