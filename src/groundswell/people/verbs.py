"""What each verb of a submission does to the rows. Always inside the drain's transaction."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

import msgspec

from groundswell.base import clock, sealing, wire
from groundswell.people import (
    calls,
    dedupe,
    flags,
    keys,
    rehearsed,
    reports,
    rings,
    store,
    vault,
    visits,
)
from groundswell.people.confirm import Click, confirm
from groundswell.people.counted import Happened, count
from groundswell.people.erase import erase
from groundswell.people.models import Consent, OutgoingMail, Participation, Rehearsed
from groundswell.people.withdraw import stop_mail, withdraw


class Signature(msgspec.Struct, frozen=True):
    """A `sign` submission as the row it becomes; `consents` maps purposes to text versions."""

    row: Participation
    consents: dict[str, str]
    call: calls.Call | None = None


class Request(msgspec.Struct, frozen=True):
    """The button behind a link in a mail. `submission_id` is None for a token we never made."""

    verb: wire.Verb
    submission_id: UUID | None
    at: datetime
    do: str = ""


class Rehearsal(msgspec.Struct, frozen=True):
    """What a rehearsal sent, whatever it says: kept apart, and nothing is done about it."""

    row: Rehearsed


Deed = (
    Signature
    | Request
    | Rehearsal
    | reports.Report
    | rings.Asked
    | rings.Told
    | flags.Flagged
    | visits.Visits
)


class Reader:
    """Turns submissions into deeds, with the keys as they are now."""

    def __init__(self) -> None:
        data = keys.data_keys()
        self._data = data
        self._cipher = data.cipher
        self._index = data.indexes[0]
        self._links = keys.link_secrets()

    def read(self, submission: wire.Submission) -> Deed:
        """The deed of one submission. Raises ValueError for values no page can have sent."""
        at = clock.from_ms(submission.at)
        if submission.run:
            return _rehearsal(self._signature(submission, at).row, submission.run)
        if submission.verb == "sign":
            return self._signature(submission, at)
        if submission.verb == "ring":
            return rings.read(submission, data=self._data)
        if submission.verb in _TOLD:
            return _TOLD[submission.verb](submission)
        made_for = keys.read_token(submission.fields.get("t", ""), self._links)
        if submission.verb == "report":
            return reports.read(submission, made_for=made_for)
        return Request(
            submission.verb,
            UUID(bytes=made_for) if made_for else None,
            at,
            submission.fields.get("do", ""),
        )

    def _signature(self, submission: wire.Submission, at: datetime) -> Signature:
        submission_id = UUID(bytes=submission.id)
        email = submission.fields.get("email", "")
        row = Participation(
            submission_id=submission_id,
            page_key=UUID(hex=submission.page),
            kind=submission.kind,
            language=submission.lang,
            source=submission.source,
            country=submission.fields.get("country", ""),
            received_at=at,
            email_index=(
                sealing.blind_index(self._index, dedupe.canonical(email)) if email else None
            ),
            sealed=vault.seal(submission.fields, submission_id=submission_id, cipher=self._cipher),
            marks=submission.marks,
        )
        return Signature(row, submission.consents, calls.read(submission))


def perform(deeds: Sequence[Deed]) -> None:
    """Do all of it, in order: what follows may be about what went before."""
    for verb, run in groupby(deeds, key=_verb):
        _VERBS[verb](list(run))


def _verb(deed: Deed) -> str:
    return deed.verb if isinstance(deed, Request) else _NAMES[type(deed)]


def _rehearsal(row: Participation, run: str) -> Rehearsal:
    """The same work as for a real one up to here: a rehearsal is to show how long that takes."""
    return Rehearsal(
        Rehearsed(
            submission_id=row.submission_id,
            run=run[:32],
            page_key=row.page_key,
            received_at=row.received_at,
            sealed=row.sealed,
        )
    )


def _rehearse(deeds: Sequence[Deed]) -> None:
    rehearsed.keep([deed.row for deed in deeds if isinstance(deed, Rehearsal)])


def _sign(deeds: Sequence[Deed]) -> None:
    by_id = {
        deed.row.submission_id: deed for deed in reversed(deeds) if isinstance(deed, Signature)
    }
    there = store.known(list(by_id))
    fresh = [deed for key, deed in reversed(by_id.items()) if key not in there]
    again = calls.repeated([deed.call for deed in fresh])
    rows = [deed.row for position, deed in enumerate(fresh) if position not in again]
    _rank(rows)
    new = store.insert_new(rows)
    _keep_consents(new, by_id)
    _ask_to_confirm(new)
    calls.record([call for row in new if (call := by_id[row.submission_id].call)])
    count(Happened(row, row.received_at, collected=1) for row in new)


def _rank(rows: Sequence[Participation]) -> None:
    before = dedupe.ranks((row.page_key, bytes(row.email_index)) for row in rows if row.email_index)
    for row in rows:
        if row.email_index:
            place = row.page_key, bytes(row.email_index)
            row.rank = before.get(place, 0)
            before[place] = row.rank + 1


def _keep_consents(rows: Sequence[Participation], by_id: dict[UUID, Signature]) -> None:
    Consent.objects.bulk_create(
        Consent(participation=row, purpose=purpose, version=version, given_at=row.received_at)
        for row in rows
        for purpose, version in by_id[row.submission_id].consents.items()
    )


def _ask_to_confirm(rows: Sequence[Participation]) -> None:
    now = clock.now()
    OutgoingMail.objects.bulk_create(
        OutgoingMail(participation=row, template="confirm", due_at=now)
        for row in rows
        # A machine filled in the field nobody sees: the row is kept for an organiser to judge,
        # but the address, which may be anybody's, is not written to.
        if row.email_index and not row.marks & wire.MARK_HONEYPOT and not _asked_already(row)
    )


def _asked_already(row: Participation) -> bool:
    """Whoever calls five offices is asked once whether the address is theirs."""
    return row.kind == "call" and row.rank > 0


def _confirm(deeds: Sequence[Deed]) -> None:
    confirm(clicks=[Click(key, deed.at) for deed, key in _genuine(deeds)])


def _withdraw(deeds: Sequence[Deed]) -> None:
    for deed, submission_id in _genuine(deeds):
        withdraw(submission_id=submission_id, at=deed.at)


def _manage(deeds: Sequence[Deed]) -> None:
    for deed, submission_id in _genuine(deeds):
        match deed.do:
            case "withdraw":
                withdraw(submission_id=submission_id, at=deed.at)
            case "erase":
                erase(submission_id=submission_id, at=deed.at)
            case "stop_mail":
                stop_mail(submission_id=submission_id, at=deed.at)


def _report(deeds: Sequence[Deed]) -> None:
    reports.note([deed for deed in deeds if isinstance(deed, reports.Report)])


def _ring(deeds: Sequence[Deed]) -> None:
    for deed in deeds:
        if isinstance(deed, rings.Asked):
            rings.want(deed)


def _rang(deeds: Sequence[Deed]) -> None:
    for deed in deeds:
        if isinstance(deed, rings.Told):
            rings.hear(deed)


def _flag(deeds: Sequence[Deed]) -> None:
    flags.note([deed for deed in deeds if isinstance(deed, flags.Flagged)])


def _visits(deeds: Sequence[Deed]) -> None:
    visits.count([deed for deed in deeds if isinstance(deed, visits.Visits)])


def _genuine(deeds: Sequence[Deed]) -> Iterator[tuple[Request, UUID]]:
    """The requests whose token we made. A forged one is no poison: anybody may type anything."""
    for deed in deeds:
        if isinstance(deed, Request) and deed.submission_id is not None:
            yield deed, deed.submission_id


# What is read without a key of ours, and what each deed that is no Request is called.
_TOLD: Final[dict[str, Callable[[wire.Submission], Deed]]] = {
    "rang": rings.read_told,
    "flag": flags.read,
    "visits": visits.read,
}
_NAMES: Final[dict[type, str]] = {
    Signature: "sign",
    Rehearsal: "rehearse",
    reports.Report: "report",
    rings.Asked: "ring",
    rings.Told: "rang",
    flags.Flagged: "flag",
    visits.Visits: "visits",
}
_VERBS: Final[dict[str, Callable[[Sequence[Deed]], None]]] = {
    "sign": _sign,
    "confirm": _confirm,
    "withdraw": _withdraw,
    "manage": _manage,
    "report": _report,
    "ring": _ring,
    "rang": _rang,
    "visits": _visits,
    "flag": _flag,
    "rehearse": _rehearse,
}
