"""Co-signatures of open letters: from a confirmation to a name below the letter, and away again.

A name lies sealed with its participation until somebody has looked at it and shows it; then name
and role are copied in clear, and the page is published anew. Whoever withdraws or is erased goes
from here in the same transaction, and from the public files with the next publishing.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from groundswell.base import clock
from groundswell.base.line import one_line
from groundswell.base.sealing import CannotOpen
from groundswell.campaigns import services
from groundswell.campaigns.models import (
    ActionPage,
    Cosignature,
    PendingPublish,
)
from groundswell.kinds.open_letter.kind import DISPLAY, TEXT
from groundswell.people import audit, vault
from groundswell.people.models import Consent, Flag, Participation

KIND: Final = "open_letter"
State = Cosignature.State
CHUNK: Final = 500
_LINK: Final = re.compile(
    r"https?:|www\.|\b[\w-]+\.(com|net|org|info|ru|shop|xyz|io)\b", re.IGNORECASE
)
_SHOUTED: Final = 8
_LONG: Final = 60


def follow(rows: Collection[Participation]) -> int:
    """Let those of rows just confirmed who wish to be named wait for a moderator; returns how many.

    For rows of another kind it asks nothing of the database. In the caller's transaction.
    """
    mine = [row for row in rows if row.kind == KIND]
    if not mine:
        return 0
    given = Consent.objects.filter(participation__in=mine, withdrawn_at=None)
    consents: dict[int, dict[str, str]] = {}
    for pk, purpose, version in given.values_list("participation_id", "purpose", "version"):
        consents.setdefault(pk, {})[purpose] = version
    named = [row for row in mine if DISPLAY in consents.get(row.pk, {})]
    sealed = dict(
        Participation.objects.filter(pk__in=[row.pk for row in named]).values_list("pk", "sealed")
    )
    new = [_waiting(row, consents[row.pk], sealed.get(row.pk, b"")) for row in named]
    Cosignature.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def left(rows: Sequence[Participation]) -> None:
    """Take away the co-signatures of rows that were withdrawn or erased, and what was reported
    about them. In the caller's transaction; core publishes what has changed.
    """
    mine = [row.submission_id for row in rows if row.kind == KIND]
    if not mine:
        return
    found = list(Cosignature.objects.filter(submission_id__in=mine))
    for page_key in {one.page_key for one in found}:
        numbers = [one.pk for one in found if one.page_key == page_key]
        Flag.objects.filter(page_key=page_key, number__in=numbers).delete()
    Cosignature.objects.filter(pk__in=[one.pk for one in found]).delete()
    for page_key in {one.page_key for one in found if one.state == State.SHOWN}:
        republish_later(page_key)


@transaction.atomic
def show(*, page_key: UUID, numbers: Collection[int], by: Any, reason: str = "") -> int:
    """Show these co-signatures; returns how many were not shown before.

    One whose supporter has left meanwhile stays away: their row is locked and read here.
    """
    done = 0
    wanted = sorted(set(numbers))
    for start in range(0, len(wanted), CHUNK):
        done += _show(page_key, wanted[start : start + CHUNK], by.get_username(), reason)
    if done:
        _record(by, audit.SHOW, page_key, numbers=wanted, done=done, reason=reason)
        services.publish_soon(page_id=page_id(page_key))
    return done


@transaction.atomic
def hide(*, page_key: UUID, numbers: Collection[int], by: Any, reason: str) -> int:
    """Hide these co-signatures, with the reason on the record; returns how many were not hidden.

    They go on counting. Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("say why: the reason stays on the record")
    return _set_aside(
        page_key, numbers, by, state=State.HIDDEN, action=audit.HIDE, reason=reason.strip()
    )


@transaction.atomic
def put_back(*, page_key: UUID, numbers: Collection[int], by: Any) -> int:
    """Let these co-signatures wait again, as if nobody had decided; returns how many."""
    return _set_aside(page_key, numbers, by, state=State.WAITING, action=audit.PUT_BACK)


def page_id(page_key: UUID) -> int | None:
    """One version of a letter whose publishing brings all of them up to date; None without any."""
    found = ActionPage.objects.filter(translation_key=page_key).order_by("-live", "pk")
    first: int | None = found.values_list("pk", flat=True).first()
    return first


def republish_later(page_key: UUID) -> None:
    """Have core publish a letter anew: not within a drain, where each second counts."""
    found = page_id(page_key)
    if found is not None:
        PendingPublish.objects.create(page_id=found, since=clock.now())


def hints(name: str, role: str) -> tuple[str, ...]:
    """What a moderator may want to look at: `link`, `markup`, `shouting`, `long`, `odd`,
    `digits`. They decide nothing.
    """
    both = f"{name} {role}"
    letters = [one for one in both if one.isalpha()]
    found = {
        "link": bool(_LINK.search(both)) or "@" in both,
        "markup": any(one in both for one in "<>{}"),
        "shouting": len(letters) >= _SHOUTED and "".join(letters).isupper() and _has_case(letters),
        "long": len(name) > _LONG,
        "digits": any(one.isdigit() for one in name),
        "odd": bool(name) and not any(one.isalpha() for one in name),
    }
    return tuple(code for code, is_so in found.items() if is_so)


def shown_as(personal: vault.Personal) -> tuple[str, str]:
    """Name and role as they will stand below the letter."""
    about = (one_line(personal.get("role")), one_line(personal.get("affiliation")))
    return one_line(personal.name), ", ".join(part for part in about if part)


def _waiting(row: Participation, consents: dict[str, str], sealed: Any) -> Cosignature:
    row.sealed = bytes(sealed)
    try:
        found = hints(*shown_as(vault.open_row(row)))
    except (vault.Gone, CannotOpen):
        found = ("unreadable",)
    return Cosignature(
        page_key=row.page_key,
        submission_id=row.submission_id,
        language=row.language,
        revision=_number(consents.get(TEXT, "")),
        hints=" ".join(found),
        confirmed_at=row.confirmed_at or clock.now(),
    )


def _show(page_key: UUID, numbers: Sequence[int], by: str, reason: str) -> int:
    waiting = Cosignature.objects.filter(page_key=page_key, pk__in=numbers)
    waiting = waiting.exclude(state=State.SHOWN)
    ids = list(waiting.values_list("submission_id", flat=True))
    people = Participation.objects.select_for_update().order_by("pk")
    there = {
        row.submission_id: row
        for row in people.filter(submission_id__in=ids, state=Participation.State.CONFIRMED)
    }
    done = 0
    for one in waiting:
        row = there.get(one.submission_id)
        done += row is not None and _show_one(one, row, by, reason)
    return done


def _show_one(one: Cosignature, row: Participation, by: str, reason: str) -> int:
    try:
        name, role = shown_as(vault.open_row(row))
    except (vault.Gone, CannotOpen):
        return 0
    if not name:
        return 0
    return Cosignature.objects.filter(pk=one.pk).update(
        state=State.SHOWN,
        name=name[:401],
        role=role[:401],
        decided_by=by[:150],
        decided_at=clock.now(),
        reason=reason[:200],
    )


def _set_aside(
    page_key: UUID,
    numbers: Collection[int],
    by: Any,
    *,
    state: State,
    action: str,
    reason: str = "",
) -> int:
    chosen = Cosignature.objects.filter(page_key=page_key, pk__in=set(numbers))
    changing = chosen.exclude(state=state)
    was_shown = changing.filter(state=State.SHOWN).exists()
    hidden = state == State.HIDDEN
    done = changing.update(
        state=state,
        name="",
        role="",
        decided_by=by.get_username()[:150] if hidden else "",
        decided_at=clock.now() if hidden else None,
        reason=reason[:200],
    )
    if done:
        _record(by, action, page_key, numbers=numbers, done=done, reason=reason)
    if was_shown:
        services.publish_soon(page_id=page_id(page_key))
    return done


def _record(
    by: Any, action: str, page_key: UUID, *, numbers: Iterable[int], done: int, reason: str
) -> None:
    which = ",".join(map(str, sorted(numbers)))
    detail = f"{done} of {which}" if len(which) < 250 else f"{done} of many"
    audit.record(by=by, action=action, about=page_key.hex, detail=f"{detail} {reason}".strip())


def _number(version: str) -> int | None:
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None


def _has_case(letters: Sequence[str]) -> bool:
    return any(one.lower() != one.upper() for one in letters)
