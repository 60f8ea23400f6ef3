"""What callers say became of their calls: rows and running sums that lead to nobody."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.db import connection

from groundswell.base import clock, wire
from groundswell.directory import queries as directory
from groundswell.directory import services
from groundswell.kinds.kind import OUTCOMES
from groundswell.people.models import CallReport, CallTally

ONE_TAP: Final = timedelta(minutes=1)
TAPS_KEPT: Final = timedelta(days=1)
WRONG: Final = "wrong_number"
LATEST: Final = 10
ENOUGH: Final = 3
_TABLE: Final = "people_calltally"
_CHUNK: Final = 500


class Call(msgspec.Struct, frozen=True):
    """One call, as its caller reports it. `tap` stands for the key that the page's script made."""

    page_key: UUID
    target: str
    outcome: str
    at: datetime
    tap: bytes = b""


def read(submission: wire.Submission) -> Call | None:
    """The call that a submission reports; None for any other kind."""
    if submission.kind != "call":
        return None
    return Call(
        page_key=UUID(hex=submission.page),
        target=submission.fields.get("target", ""),
        outcome=submission.fields.get("outcome", ""),
        at=clock.from_ms(submission.at),
        tap=submission.key,
    )


def repeated(calls: Sequence[Call | None]) -> set[int]:
    """The positions of those that only repeat another: the same key and target within a minute."""
    last = _last_taps({call.tap for call in calls if call and call.tap})
    found = set()
    for position, call in enumerate(calls):
        if call is None or not call.tap:
            continue
        name = (call.page_key, call.tap, call.target)
        if name in last and abs(call.at - last[name]) <= ONE_TAP:
            found.add(position)
        else:
            last[name] = call.at
    return found


def record(calls: Collection[Call]) -> None:
    """Keep the reports and add them to the sums, inside the caller's transaction."""
    calls = [call for call in calls if call.target and call.outcome in OUTCOMES]
    CallReport.objects.bulk_create(
        CallReport(
            page_key=call.page_key,
            target=call.target,
            outcome=call.outcome,
            at=call.at,
            tap=call.tap or None,
        )
        for call in calls
    )
    _add(Counter((call.page_key, call.target, call.outcome) for call in calls))
    for target in sorted({call.target for call in calls if call.outcome == WRONG}):
        _doubt(target)


def bridged(*, page_key: UUID, target: str, outcome: str, at: datetime) -> None:
    """Keep what Twilio said of a call that we made, beside what callers say and apart from it."""
    CallReport.objects.create(page_key=page_key, target=target, outcome=outcome, at=at)
    _add(Counter([(page_key, target, outcome)]))


def tallies(*, page_keys: Iterable[UUID]) -> dict[str, dict[str, int]]:
    """How many calls to each target came to what, over all these pages."""
    sums: dict[str, dict[str, int]] = {}
    rows = CallTally.objects.filter(page_key__in=list(page_keys), number__gt=0)
    for row in rows.order_by("target", "outcome"):
        outcomes = sums.setdefault(row.target, {})
        outcomes[row.outcome] = outcomes.get(row.outcome, 0) + row.number
    return sums


def forget() -> None:
    """Drop the traces of taps that are too old to be repeated. For core, now and then."""
    old = CallReport.objects.filter(tap__isnull=False, at__lt=clock.now() - TAPS_KEPT)
    old.update(tap=None)


def _doubt(target: str) -> None:
    """Tell the directory of a wrong number once several callers agree, for an organiser to look.

    A few taps could all be one person's malice: they never take the number away from the others.
    """
    latest = CallReport.objects.filter(target=target).order_by("-pk")
    said = list(latest.values_list("outcome", flat=True)[:LATEST])
    if said.count(WRONG) < ENOUGH or said.count(WRONG) * 2 < len(said):
        return
    found = directory.targets([target]).get(target)
    number = found.contact("voice") if found else None
    if number is not None and number.standing == "good":
        services.report(contact_id=number.id, what="doubted", by="callers")


def _last_taps(taps: set[bytes]) -> dict[tuple[UUID, bytes, str], datetime]:
    if not taps:
        return {}
    rows = CallReport.objects.filter(tap__in=taps).order_by("at")
    found = rows.values_list("page_key", "tap", "target", "at")
    return {(page, bytes(tap or b""), target): at for page, tap, target, at in found}


def _add(sums: Counter[tuple[UUID, str, str]]) -> None:
    native = connection.features.has_native_uuid_field
    # Always the same order, or two writers could wait for each other's rows for ever.
    rows = [
        (page if native else page.hex, target, outcome, number)
        for (page, target, outcome), number in sorted(sums.items())
    ]
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        places = ", ".join(["(%s, %s, %s, %s)"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {_TABLE} (page_key, target, outcome, number) VALUES {places}"  # noqa: S608  no value is in the text
                " ON CONFLICT (page_key, target, outcome) DO UPDATE SET"
                f" number = {_TABLE}.number + excluded.number",
                [value for row in chunk for value in row],
            )
