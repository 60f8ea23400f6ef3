"""What supporters say about letters that only they can send: opened the form, sent it.

It may come before the letter is confirmed: then it waits in the participation's history, and is
told to delivery when the parcels are made. What is forged or unknown changes nothing.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from groundswell.base import clock, wire
from groundswell.delivery import queries
from groundswell.delivery import services as delivery
from groundswell.people.models import Event, Participation

# The step on the wire: the history's word and delivery's.
STEPS: Final = {
    "opened": ("form_opened", "opened"),
    "sent": ("form_sent", "sent"),
}
_DELIVERED: Final = dict(STEPS.values())
# Whoever reports more targets than this before confirming is no supporter.
MOST_EARLY: Final = 60
_LETTER: Final = "letter"
_REF: Final = 32


class Report(msgspec.Struct, frozen=True):
    """`submission_id` is None for a reference we never gave. `parcel` is the letter's own key, from
    a link in a mail of ours; it says both whose it is and to whom.
    """

    submission_id: UUID | None
    target: str
    step: str
    at: datetime
    parcel: UUID | None = None


def read(submission: wire.Submission, *, made_for: bytes | None) -> Report:
    """The report of a submission, by a mail's token (`made_for`) or by the letter's own id."""
    fields = submission.fields
    moment, step = clock.from_ms(submission.at), fields.get("step", "")
    if made_for:
        return Report(None, "", step, moment, UUID(bytes=made_for))
    return Report(_reference(fields.get("ref", "")), fields.get("target", ""), step, moment)


def note(reports: Sequence[Report]) -> None:
    """Tell delivery, or keep it until the letter is confirmed. In the caller's transaction."""
    known = [one for one in reports if one.step in STEPS]
    sound = [one for one in _by_letter(known) if one.submission_id and one.target]
    ids = {one.submission_id for one in sound if one.submission_id}
    rows = Participation.objects.filter(submission_id__in=ids, kind=_LETTER).defer("sealed")
    found = {row.submission_id: row for row in rows}
    for one in sound:
        row = found.get(one.submission_id) if one.submission_id else None
        if row is not None and row.state == Participation.State.CONFIRMED:
            _tell(row.submission_id, one.target, STEPS[one.step][1])
        elif row is not None and row.state == Participation.State.PENDING:
            _keep(row, one)


def catch_up(rows: Collection[Participation]) -> None:
    """Tell delivery what was reported before these letters were confirmed."""
    events = Event.objects.filter(participation__in=rows, what__in=_DELIVERED)
    for event in events.select_related("participation").order_by("pk"):
        _tell(event.participation.submission_id, event.detail, _DELIVERED[event.what])


def _tell(submission_id: UUID, target: str, step: str) -> None:
    delivery.note(submission_id=submission_id, target=target, step=step, by="supporter", words="")


def _by_letter(reports: Sequence[Report]) -> list[Report]:
    """Those that name a letter, with what it says of them."""
    found = queries.by_key([one.parcel for one in reports if one.parcel])
    return [
        Report(parcel.submission_id, parcel.target, one.step, one.at)
        if one.parcel and (parcel := found.get(one.parcel))
        else one
        for one in reports
    ]


def _keep(row: Participation, report: Report) -> None:
    earlier = Event.objects.filter(participation=row, what__in=_DELIVERED)
    what = STEPS[report.step][0]
    if earlier.count() < MOST_EARLY and not earlier.filter(what=what, detail=report.target):
        Event.objects.create(
            participation=row, at=report.at, what=what, by="supporter", detail=report.target[:200]
        )


def _reference(text: str) -> UUID | None:
    if len(text) != _REF:
        return None
    try:
        return UUID(hex=text)
    except ValueError:
        return None
