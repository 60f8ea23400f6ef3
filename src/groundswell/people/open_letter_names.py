"""Co-signatures as a moderator reads them: each look that opens names is on the record."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count

from groundswell.base.sealing import CannotOpen
from groundswell.campaigns.models import Cosignature
from groundswell.kinds.open_letter.kind import TEXT
from groundswell.people import audit, cosign, flags, keys, vault
from groundswell.people.models import Consent, Flag, Participation
from groundswell.people.queries import require

SEE: Final = "campaigns.see_openletters"
RUN: Final = "campaigns.run_openletters"
MODERATE: Final = "campaigns.moderate_openletters"
SIZE: Final = 50


@dataclass(frozen=True)
class Name:
    """A co-signature with the words that are shown, or would be."""

    row: Cosignature
    name: str
    role: str
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Flagged:
    """A name that visitors have reported, and what they said: reason, note, how often."""

    name: Name
    reports: list[tuple[Flag, str]]
    times: int


def listing(
    *,
    page_key: UUID,
    by: Any,
    state: str,
    hinted: bool | None = None,
    after: int = 0,
    size: int = SIZE,
) -> tuple[list[Name], int | None]:
    """One page of a letter's co-signatures in a state, the oldest first, and where the next begins.

    `hinted` shows only those with, or only those without, something to look at. Raises
    PermissionDenied.
    """
    require(by, MODERATE)
    found = Cosignature.objects.filter(page_key=page_key, state=state, pk__gt=after)
    if hinted is not None:
        found = found.exclude(hints="") if hinted else found.filter(hints="")
    rows = list(found.order_by("pk")[: size + 1])
    shown = rows[:size]
    if shown:
        detail = f"co-signatures {state} {len(shown)}"
        audit.record(by=by, action=audit.LIST, about=page_key.hex, detail=detail)
    return _names(shown), shown[-1].pk if len(rows) > size else None


def flagged(*, page_key: UUID, by: Any) -> list[Flagged]:
    """The names with open reports, the most reported first. Raises PermissionDenied."""
    require(by, MODERATE)
    reports: dict[int, list[Flag]] = {}
    rows = Flag.objects.filter(page_key=page_key, state=Flag.State.OPEN).order_by("-times", "pk")
    for flag in rows:
        reports.setdefault(flag.number, []).append(flag)
    found = Cosignature.objects.filter(page_key=page_key, pk__in=reports)
    said = flags.notes(list(rows))
    made = [
        Flagged(
            name,
            [(flag, said[flag.pk]) for flag in reports[name.row.pk]],
            sum(flag.times for flag in reports[name.row.pk]),
        )
        for name in _names(list(found))
    ]
    return sorted(made, key=lambda one: -one.times)


def by_text(*, page_key: UUID) -> dict[str, int]:
    """How many who count have signed which text, named or not: revision to number."""
    signed = Consent.objects.filter(
        purpose=TEXT, participation__page_key=page_key, participation__counted=True
    )
    return dict(signed.values_list("version").annotate(number=Count("pk")).order_by("version"))


def _names(rows: list[Cosignature]) -> list[Name]:
    cipher = keys.data_keys().cipher
    ids = [row.submission_id for row in rows]
    people = {one.submission_id: one for one in Participation.objects.filter(submission_id__in=ids)}
    made = []
    for row in rows:
        name, role = row.name, row.role
        person = people.get(row.submission_id)
        if not name and person is not None:
            try:
                name, role = cosign.shown_as(vault.open_row(person, cipher=cipher))
            except (vault.Gone, CannotOpen):
                name, role = "", ""
        made.append(Name(row, name, role, tuple(row.hints.split())))
    return made
