"""Times typed on one clock and read on another: the messenger's and the organiser's."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from groundswell.base import env
from groundswell.messengers.models import Messenger

LOCAL = "%Y-%m-%dT%H:%M"


class NoSuchTime(ValueError):
    """What was typed is no time, or one that the clocks of that place leave out."""


@dataclass(frozen=True)
class Clock:
    """A moment on somebody's clock, ready to be shown."""

    whose: str
    zone: str
    at: datetime


def zones(messenger: Messenger | None) -> list[str]:
    """The zones a time can be typed in: the messenger's first, if it is known, then ours."""
    theirs = messenger.time_zone if messenger else ""
    return list(dict.fromkeys(one for one in (theirs, env.load().time_zone) if one))


def read(typed: str, zone: str) -> datetime | None:
    """The moment of a day and time typed as that zone's clocks show it; None for nothing.

    Raises NoSuchTime. Of an hour that comes twice, when clocks go back, the first is meant.
    """
    if not typed.strip():
        return None
    try:
        there = datetime.fromisoformat(typed.strip()).replace(tzinfo=ZoneInfo(zone))
        moment = there.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NoSuchTime(_("Write a day and a time, like 2027-03-08 18:30.")) from error
    if moment.astimezone(there.tzinfo).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise NoSuchTime(_("This hour does not exist there: the clocks go forward that night."))
    return moment


def typed(moment: datetime | None, zone: str) -> str:
    """A moment as the field of a form wants it."""
    return moment.astimezone(ZoneInfo(zone)).strftime(LOCAL) if moment else ""


def clocks(moment: datetime | None, messenger: Messenger | None) -> list[Clock]:
    """The moment on the messenger's clock and on ours; once where they are the same."""
    if moment is None:
        return []
    mine = timezone.get_default_timezone_name()
    theirs = messenger.time_zone if messenger else ""
    shown = []
    if messenger and theirs and theirs != mine:
        shown.append(Clock(messenger.name, theirs, moment.astimezone(ZoneInfo(theirs))))
    shown.append(Clock(_("You"), mine, moment.astimezone(ZoneInfo(mine))))
    return shown
