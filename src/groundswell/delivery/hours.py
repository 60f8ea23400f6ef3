"""Office hours as directories give them: `Mo-Fr 09:00-17:00; Sa 10:00-12:00`."""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAYS: Final = {
    name: number for number, name in enumerate(("mo", "tu", "we", "th", "fr", "sa", "su"))
}
_RULE: Final = re.compile(
    r"(?:(?P<days>[a-z]{2}(?:\s*[-,]\s*[a-z]{2})*)\s+)?"
    r"(?P<from>\d{1,2}):(?P<from_m>\d{2})\s*[-–]\s*(?P<to>\d{1,2}):(?P<to_m>\d{2})",
    re.IGNORECASE,
)
_WEEK: Final = 7 * 24 * 60

Spans = list[tuple[int, int]]


def opens(now: datetime, *, hours: str, zone: str) -> datetime | None:
    """When the office opens next; None when it is open now, or its hours are not known.

    What we cannot read counts as not known: a letter waits for nobody's spelling.
    """
    spans = _spans(hours)
    try:
        there = now.astimezone(ZoneInfo(zone)) if zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        there = None
    if not spans or there is None:
        return None
    minute = there.weekday() * 1440 + there.hour * 60 + there.minute
    if any(begin <= minute < end for begin, end in spans):
        return None
    wait = min((begin - minute) % _WEEK for begin, _end in spans)
    # By the clock on their wall: a night in which it is put forward is an hour shorter.
    wall = there.replace(tzinfo=None, second=0, microsecond=0) + timedelta(minutes=wait)
    return wall.replace(tzinfo=there.tzinfo).astimezone(now.tzinfo)


def _spans(hours: str) -> Spans:
    found: Spans = []
    for rule in hours.split(";"):
        match = _RULE.fullmatch(rule.strip())
        if match is None:
            continue
        begin = int(match["from"]) * 60 + int(match["from_m"])
        end = int(match["to"]) * 60 + int(match["to_m"])
        days = _days(match["days"] or "mo-su")
        if days and 0 <= begin < end <= 1440:
            found += [(day * 1440 + begin, day * 1440 + end) for day in days]
    return found


def _days(text: str) -> list[int]:
    days: list[int] = []
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in _DAYS or (last and last not in _DAYS):
            return []
        begin, end = _DAYS[first], _DAYS[last or first]
        days += [day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)]
    return days
