"""Synthetic participations, any number of them, as the drain and the confirm button leave them.

Rows, sums and blind indexes agree with one another, so whatever holds for these holds for real
ones. The same seed makes the same people.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from groundswell.base import clock, sealing
from groundswell.people import keys, vault
from groundswell.people.counted import Happened, count
from groundswell.people.models import Consent, Event, OutgoingMail, Participation

CHUNK: Final = 5_000
COUNTRIES: Final = ("DE", "FR", "GB", "EG", "US", "IN", "BR", "MA", "PL", "ES", "IT", "JO", "")
SOURCES: Final = ("", "whatsapp", "facebook", "x", "telegram", "email", "bluesky", "copy", "aunt-1")
LANGUAGES: Final = ("en", "ar", "fr", "de")
GIVEN: Final = ("Amal", "Bram", "Chiara", "Dūra", "Émile", "Fatima", "Gwen", "Hyun-woo", "Ines")
FAMILY: Final = ("O'Brien", "al-Masri", "Nguyễn", "Kowalska", "Müller", "Silva", "Okafor", "Li")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How synthetic supporters are spread."""

    page_keys: Sequence[UUID]
    until: datetime
    over: timedelta = timedelta(days=3)
    confirmed: float = 0.7
    duplicates: float = 0.03
    seed: int = 1


def fill(number: int, recipe: Recipe) -> None:
    """Add so many participations, in the order of time, with their sums. Memory stays constant."""
    people = _people(number, recipe)
    while chunk := [row for row, _ in zip(people, range(CHUNK), strict=False)]:
        with transaction.atomic():
            Participation.objects.bulk_create(chunk)
            count(event for row in chunk for event in _happened(row))


def add_one(
    *,
    page_key: UUID,
    fields: dict[str, str] | None = None,
    consents: Sequence[str] = (),
    **columns: object,
) -> Participation:
    """One participation with exactly these fields, its consents and its first mail and event."""
    fields = {"given_name": "Ada", "family_name": "Ling", "email": "ada@example.org"} | (
        fields or {}
    )
    rng = random.Random()
    row = _row(rng, fields, page_key=page_key, at=clock.now())
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    Consent.objects.bulk_create(
        Consent(
            participation=row, purpose=purpose, version="0123456789ab", given_at=row.received_at
        )
        for purpose in consents
    )
    OutgoingMail.objects.create(
        participation=row, template="confirm", due_at=row.received_at, sent_at=row.received_at
    )
    if row.confirmed_at:
        Event.objects.create(
            participation=row, at=row.confirmed_at, what="confirmed", by="supporter"
        )
    count([Happened(row, row.received_at, collected=1)])
    return row


def _happened(row: Participation) -> Iterator[Happened]:
    yield Happened(row, row.received_at, collected=1)
    if row.counted and row.confirmed_at is not None:
        yield Happened(row, row.confirmed_at, confirmed=1)


def _people(number: int, recipe: Recipe) -> Iterator[Participation]:
    rng = random.Random(recipe.seed)
    cipher = keys.data_keys().cipher
    start = recipe.until - recipe.over
    for n in range(number):
        # The square root makes the stream swell towards the end, as campaigns do.
        at = start + recipe.over * ((n + 1) / number) ** 0.5
        twice = n > 0 and rng.random() < recipe.duplicates
        fields = {
            "given_name": rng.choice(GIVEN),
            "family_name": rng.choice(FAMILY),
            "email": f"person{recipe.seed}.{n - 1 if twice else n}@example.org",
        }
        key = recipe.page_keys[(n - 1 if twice else n) % len(recipe.page_keys)]
        row = _row(rng, fields, page_key=key, at=at, cipher=cipher)
        row.rank = int(twice)
        if rng.random() < recipe.confirmed:
            row.state, row.counted = Participation.State.CONFIRMED, not twice
            row.confirmed_at = min(at + timedelta(minutes=rng.expovariate(0.1)), recipe.until)
        yield row


def _row(
    rng: random.Random,
    fields: dict[str, str],
    *,
    page_key: UUID,
    at: datetime,
    cipher: sealing.FieldCipher | None = None,
) -> Participation:
    submission_id = UUID(int=rng.getrandbits(128))
    return Participation(
        submission_id=submission_id,
        page_key=page_key,
        kind="petition",
        language=rng.choices(LANGUAGES, (5, 3, 2, 1))[0],
        source=rng.choices(SOURCES, (9, 6, 4, 3, 3, 2, 1, 2, 1))[0],
        country=rng.choices(COUNTRIES, (9, 7, 6, 5, 4, 4, 3, 2, 2, 2, 1, 1, 1))[0],
        received_at=at,
        email_index=vault.index(fields["email"]) if fields.get("email") else None,
        sealed=vault.seal(
            fields, submission_id=submission_id, cipher=cipher or keys.data_keys().cipher
        ),
    )
