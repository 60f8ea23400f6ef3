"""The open letter that tests publish, and those who stand below it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from groundswell.base import wire
from groundswell.campaigns import publish, services
from groundswell.campaigns.models import Campaign, Cosignature, OpenLetterPage, Signatory

LETTER = "en/keep-the-reading-room/the-wall"
TEXT = "<p>Mend the wall this year.</p><p>It has been patched nineteen tims.</p>"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def make(campaign: Campaign) -> OpenLetterPage:
    """A published letter to a senator."""
    made = services.create_open_letter(
        campaign=campaign,
        title="The wall",
        text=TEXT,
        salutation="Dear Senators,",
        keys=["test/senator-1"],
        press_facts="It is 142 years old.\nIt was patched 19 times.",
        press_contact="Pia Sandvoort\npress@example.org",
    )
    return to_public(made)


def to_public(page: OpenLetterPage, **changes: Any) -> OpenLetterPage:
    for name, value in changes.items():
        setattr(page, name, value)
    services.publish_now(page=page)
    page.refresh_from_db()
    publish.publish_page(page)
    return page


def read(public: Path, path: str = "", *, name: str = "index.html") -> str:
    return (public / LETTER / path / name).read_text(encoding="utf-8")


def spec_of(public: Path, page: OpenLetterPage, verb: str) -> wire.PageSpec:
    name = f"{page.page_key.hex}.{verb}.en.json"
    return wire.decode_spec((public.parent / "specs" / name).read_bytes())


def cosign(page: OpenLetterPage, number: int, *, at: datetime = NOON, **fields: Any) -> Cosignature:
    values = {
        "submission_id": uuid4(),
        "name": f"Mira Okhaim {number}",
        "role": "net mender",
        "language": "en",
        "revision": 1,
        "state": "shown",
        "decided_at": at,
        "confirmed_at": at,
    }
    return Cosignature.objects.create(page_key=page.page_key, **values | fields)


def first(page: OpenLetterPage, name: str, **fields: Any) -> Signatory:
    values = {
        "role": "singer",
        "state": "signed",
        "revision": 1,
        "language": "en",
        "signed_at": NOON,
        "made_at": NOON,
        "made_by": "ada",
    }
    return Signatory.objects.create(page_key=page.page_key, name=name, **values | fields)
