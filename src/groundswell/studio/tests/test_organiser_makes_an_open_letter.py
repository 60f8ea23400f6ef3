"""An open letter made in the editor, changed after it was public, and told what is amiss."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.campaigns import letter_texts
from groundswell.campaigns.models import Campaign, OpenLetterPage
from groundswell.campaigns.tests import deciders
from groundswell.studio.tests import forms

PUBLISH = {"action-publish": "yes"}


@pytest.fixture(autouse=True)
def known(db: None) -> None:
    deciders.load()


def add(client: Client, campaign: Campaign, **changes: Any) -> str:
    address = reverse("wagtailadmin_pages:add", args=["campaigns", "openletterpage", campaign.pk])
    return client.post(address, forms.open_letter(**changes) | PUBLISH).content.decode()


def edit(client: Client, page: OpenLetterPage, **changes: Any) -> str:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(address, forms.open_letter(**changes) | PUBLISH).content.decode()


def told(page: OpenLetterPage) -> list[tuple[int, str, bool]]:
    rows = letter_texts.revisions(page_key=page.page_key)
    return [(one.number, one.note, one.small) for one in rows]


def test_it_publishes_an_open_letter(alice: Client, campaign: Campaign) -> None:
    add(alice, campaign)
    page = OpenLetterPage.objects.get()
    assert page.live
    assert (page.kind, page.keys) == ("open_letter", [deciders.MINISTER])
    assert told(page) == [(1, "", False)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"keys": "[]"}, "Say whom it is addressed to"),
        ({"keys": '["test/gone"]'}, "in office any more"),
        (
            {"consent_boxes": forms.inline_formset([{"purpose": "display", "text": "Show me."}])},
            "We ask this ourselves",
        ),
    ],
)
def test_it_says_what_is_amiss_before_it_is_public(
    alice: Client, campaign: Campaign, changes: dict[str, Any], words: str
) -> None:
    assert words in add(alice, campaign, **changes)
    assert not OpenLetterPage.objects.exists()


def test_it_wants_to_know_what_was_changed_in_a_public_text(
    alice: Client, campaign: Campaign
) -> None:
    add(alice, campaign)
    page = OpenLetterPage.objects.get()
    words = "Say in a sentence what you changed this time"
    assert words in edit(alice, page, text="Mend it now.")
    assert told(page) == [(1, "", False)]
    edit(alice, page, text="Mend it now.", change_note="We ask for a date.")
    assert told(page) == [(1, "", False), (2, "We ask for a date.", False)]
    # The sentence of the last change is no answer to what was changed this time.
    assert words in edit(alice, page, text="Mend it now!", change_note="We ask for a date.")
    edit(alice, page, text="Mend it now!", change_note="A sign.", change_small="on")
    assert told(page)[2:] == [(3, "A sign.", True)]


def test_it_wants_no_reason_for_changing_anything_else(alice: Client, campaign: Campaign) -> None:
    add(alice, campaign)
    page = OpenLetterPage.objects.get()
    edit(alice, page, press_contact="Pia Sandvoort")
    page.refresh_from_db()
    assert page.press_contact == "Pia Sandvoort"
    assert told(page) == [(1, "", False)]


def test_it_shows_each_part_of_the_editor(alice: Client, campaign: Campaign) -> None:
    address = reverse("wagtailadmin_pages:add", args=["campaigns", "openletterpage", campaign.pk])
    html = alice.get(address).content.decode()
    for words in ("Whom the letter is addressed to", "The letter", "For the press", "Sharing"):
        assert words in html


def test_it_gives_the_lines_for_other_sites_once_there_is_an_address(
    alice: Client, campaign: Campaign
) -> None:
    add(alice, campaign)
    page = OpenLetterPage.objects.get()
    html = alice.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert f"&lt;iframe src=&quot;{page.public_url}embed/&quot;" in html
