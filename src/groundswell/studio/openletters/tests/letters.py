"""An open letter that is public, and people to stand below it."""

import shutil
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from groundswell.base import clock, env
from groundswell.campaigns.models import Campaign, OpenLetterPage, Signatory
from groundswell.campaigns.services import publish_now
from groundswell.people import open_letter_firsts as firsts
from groundswell.people.models import Consent, Participation
from groundswell.people.open_letter_firsts import Entry
from groundswell.people.tests import factories
from groundswell.studio.home.tests import desk

FIRST = "<p>The river belongs to nobody. Please let it run.</p><p>Stop the dam.</p>"
SECOND = "<p>The river belongs to nobody. Please let it run free.</p><p>Stop the dam.</p>"
THIRD = "<p>The river belongs to all of us. Please let it run free.</p><p>Stop both dams.</p>"


def make(campaign: Campaign | None = None, *, text: str = FIRST, **fields: Any) -> OpenLetterPage:
    """A furnished studio with a published open letter below a published campaign."""
    shutil.rmtree(env.load().path("site"), ignore_errors=True)
    desk.furnish()
    campaign = campaign or desk.make_campaign("Free the river")
    page = OpenLetterPage(
        title="Let the river run",
        slug="letter",
        text=text,
        salutation="Dear Minister,",
        locale=campaign.locale,
        live=False,
        **fields,
    )
    campaign.add_child(instance=page)
    publish_now(page=page)
    page.refresh_from_db()
    return page


def revise(page: OpenLetterPage, text: str, note: str, *, small: bool = False) -> OpenLetterPage:
    """The same letter with another text, published."""
    page.refresh_from_db()
    page.text, page.change_note, page.change_small = text, note, small
    publish_now(page=page)
    page.refresh_from_db()
    return page


def somebody(name: str = "org") -> Any:
    """An organiser, for what is recorded."""
    return get_user_model().objects.get_or_create(username=name)[0]


def invite(page_key: UUID, number: int = 1, **fields: str) -> list[Signatory]:
    """So many invented musicians, invited."""
    entries = [
        Entry(name=f"Musician {n}", role="Cellist", affiliation="River Quartet", **fields)
        for n in range(1, number + 1)
    ]
    return firsts.add(page_key=page_key, entries=entries, by=somebody())


def cosign(
    page_key: UUID, number: int, *, display: bool = True, text: str = "1", **fields: str
) -> Participation:
    """A confirmed co-signature, as the drain and the button leave it before names wait."""
    given = {
        "given_name": f"Given{number}",
        "family_name": "Family",
        "email": f"person{number}@example.org",
        "role": "Nurse",
    } | fields
    row = factories.add_one(
        page_key=page_key,
        fields=given,
        kind="open_letter",
        language="en",
        state=Participation.State.CONFIRMED,
        confirmed_at=clock.now(),
        counted=True,
    )
    consents = {"text": text} | ({"display": "v1"} if display else {})
    Consent.objects.bulk_create(
        Consent(participation=row, purpose=purpose, version=version, given_at=clock.now())
        for purpose, version in consents.items()
    )
    return row
