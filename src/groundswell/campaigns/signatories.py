"""Who is shown below an open letter: what the public pages are made of."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

import msgspec
from django.db.models import Count

from groundswell.campaigns.models_signatories import Cosignature, Signatory


class FirstView(msgspec.Struct, frozen=True, kw_only=True):
    """A first signatory as they stand below the letter: they have signed, in these words.

    `picture` is a square JPEG and `picture_name` a file name made of its content; both are empty
    without one. `revision` is the number of the text they signed.
    """

    key: str
    name: str
    role: str = ""
    affiliation: str = ""
    group: str = ""
    picture: bytes = b""
    picture_name: str = ""
    alt: str = ""
    revision: int
    language: str = ""
    signed_at: datetime


class CosignView(msgspec.Struct, frozen=True, kw_only=True):
    """A co-signature that is shown. `number` is what a report of it names."""

    number: int
    name: str
    role: str = ""
    language: str = ""
    revision: int | None = None
    at: datetime


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """How many stand below a letter by name. All who co-signed, named or not: see `counters`.

    `first_by_revision` and `shown_by_revision` say how many of them signed which text.
    """

    first: int
    shown: int
    waiting: int
    hidden: int
    first_by_revision: dict[int, int]
    shown_by_revision: dict[int, int]


def first(page_key: UUID) -> list[FirstView]:
    """A letter's first signatories who have signed, in the organiser's order."""
    rows = Signatory.objects.filter(page_key=page_key, state=Signatory.State.SIGNED)
    return [_first(row) for row in rows.order_by("position", "id")]


def shown(
    page_key: UUID, *, offset: int = 0, limit: int | None = None, newest: bool = False
) -> list[CosignView]:
    """A letter's co-signatures that are shown, by their numbers; `newest` from the last one on."""
    rows = Cosignature.objects.filter(page_key=page_key, state=Cosignature.State.SHOWN)
    rows = rows.order_by("-id" if newest else "id")
    part = rows[offset:] if limit is None else rows[offset : offset + limit]
    return [
        CosignView(
            number=row.id,
            name=row.name,
            role=row.role,
            language=row.language,
            revision=row.revision,
            at=row.confirmed_at,
        )
        for row in part
    ]


def numbers(page_key: UUID) -> Numbers:
    """How many stand below a letter, and below which of its texts."""
    signed = Signatory.objects.filter(page_key=page_key, state=Signatory.State.SIGNED)
    states = Cosignature.objects.filter(page_key=page_key)
    by_state = dict(states.values_list("state").annotate(number=Count("id")).order_by())
    named = states.filter(state=Cosignature.State.SHOWN, revision__isnull=False)
    firsts = dict(signed.values_list("revision").annotate(number=Count("id")).order_by())
    return Numbers(
        first=sum(firsts.values()),
        shown=by_state.get("shown", 0),
        waiting=by_state.get("waiting", 0),
        hidden=by_state.get("hidden", 0),
        first_by_revision=firsts,
        shown_by_revision=dict(
            named.values_list("revision").annotate(number=Count("id")).order_by()
        ),
    )


def _first(row: Signatory) -> FirstView:
    picture = bytes(row.picture)
    name = f"{sha256(picture).hexdigest()[:16]}.jpg" if picture else ""
    return FirstView(
        key=row.key.hex,
        name=row.name,
        role=row.role,
        affiliation=row.affiliation,
        group=row.group,
        picture=picture,
        picture_name=name,
        alt=row.picture_alt,
        revision=row.revision or 0,
        language=row.language,
        signed_at=row.signed_at or row.made_at,
    )
