"""The direct line in words: ways of speaking, rows of a list, what changed between two tellings."""

from typing import Any, Final, NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.base import clock
from groundswell.directline.models import Entry
from groundswell.directline.queries import Opened, Told
from groundswell.directline.vault import Telling
from groundswell.studio.home import cards

WAYS: Final = {
    Entry.Way.MEETING.value: gettext_lazy("Meeting"),
    Entry.Way.CALL.value: gettext_lazy("Call"),
    Entry.Way.MESSAGE.value: gettext_lazy("Message"),
    Entry.Way.LETTER.value: gettext_lazy("Letter"),
}


class Row(NamedTuple):
    """An entry in a list. `said` is None for one that no key here opens."""

    entry: Entry
    said: Any
    way: str
    names: list[str]
    overdue: bool


class Change(NamedTuple):
    """One thing that two tellings say differently."""

    label: str
    before: str
    after: str


class Moment(NamedTuple):
    """One telling in the history: `changes` against the one before; the first has none."""

    number: int
    at: Any
    by: str
    first: bool
    shut: bool
    changes: list[Change]


def way(code: str) -> str:
    """How two sides spoke, in words."""
    return str(WAYS.get(code, code))


def row(one: Opened) -> Row:
    """An entry as the lists show it."""
    entry = one.entry
    names = [party.name for party in entry.parties.all()]
    today = timezone.localtime(clock.now(), timezone.get_default_timezone()).date()
    overdue = bool(entry.due_on and not entry.done_at and entry.due_on < today)
    return Row(entry, one.said, way(entry.way), names, overdue)


def campaigns() -> dict[UUID, str]:
    """The title of every campaign by its key."""
    return {one.page.translation_key: one.page.title for one in cards.campaigns(now=clock.now())}


def history(told: list[Told]) -> list[Moment]:
    """How an entry was told, the newest first, each with what it changed."""
    titles = campaigns()
    before = [*told[1:], None][: len(told)]
    return [_moment(one, older, titles) for one, older in zip(told, before, strict=True)]


def _moment(one: Told, older: Told | None, titles: dict[UUID, str]) -> Moment:
    now, then = one.telling, older.telling if older else None
    changes = _changes(then, now, titles) if now and then else []
    version = one.version
    return Moment(version.number, version.at, version.by, older is None, now is None, changes)


def _changes(then: Telling, now: Telling, titles: dict[UUID, str]) -> list[Change]:
    before, after = _facts(then, titles), _facts(now, titles)
    return [
        Change(label, before[label], after[label])
        for label in after
        if before[label] != after[label]
    ]


def _facts(one: Telling, titles: dict[UUID, str]) -> dict[str, str]:
    at = timezone.localtime(one.at, timezone.get_default_timezone())
    gone = _("A campaign that is gone")
    return {
        _("How"): way(one.way),
        _("When"): date_format(at, "j F Y, H:i"),
        _("Decision makers"): ", ".join(name for _key, name in one.parties),
        _("Campaign"): titles.get(one.campaign_key, gone) if one.campaign_key else "",
        _("Who of theirs"): one.said.theirs,
        _("Who of ours"): one.said.ours,
        _("What was asked"): one.said.asked,
        _("What was said"): one.said.said,
        _("Next step"): one.said.next_step,
        _("Due on"): date_format(one.due_on, "j F Y") if one.due_on else "",
        _("Who does it"): one.owner,
    }
