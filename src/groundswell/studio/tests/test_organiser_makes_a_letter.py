"""Letters and calls made in the editor: in a few fields, and told at once what is amiss."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.campaigns.models import CallPage, Campaign, LetterPage
from groundswell.campaigns.tests import deciders
from groundswell.directory.models import Crossing
from groundswell.studio.tests import forms

PUBLISH = {"action-publish": "yes"}
OWN = {"keys": "[]", "own": ("senate", "house")}


@pytest.fixture(autouse=True)
def known(db: None) -> None:
    deciders.load()


def add(client: Client, model: str, campaign: Campaign, data: dict[str, Any]) -> str:
    address = reverse("wagtailadmin_pages:add", args=["campaigns", model, campaign.pk])
    return client.post(address, data).content.decode()


def test_it_publishes_a_letter_from_four_fields(alice: Client, campaign: Campaign) -> None:
    add(alice, "letterpage", campaign, forms.letter() | PUBLISH)
    page = LetterPage.objects.get()
    assert page.live
    assert page.kind == "letter"
    [text] = page.letters.all()
    assert (text.group, text.keys, text.own) == ("", [deciders.MINISTER], [])


def test_it_finds_out_where_to_look_the_supporters_own_up(
    alice: Client, campaign: Campaign
) -> None:
    add(alice, "letterpage", campaign, forms.letter(OWN) | PUBLISH)
    page = LetterPage.objects.get()
    assert (page.lookup_country, page.own_offices()) == ("us", ["senate", "house"])


def test_it_keeps_each_texts_key_when_the_rows_change_places(
    alice: Client, campaign: Campaign
) -> None:
    add(alice, "letterpage", campaign, forms.letter({}, OWN) | PUBLISH)
    page = LetterPage.objects.get()
    first, second = page.letters.all()
    rows = [
        {"id": str(one.pk), "group": one.group, "subject": one.subject, "body": one.body,
         "keys": '["test/minister"]', "ORDER": str(order)}
        for one, order in ((first, 2), (second, 1))
    ]  # fmt: skip
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = forms.letter(letters=forms.inline_formset(rows, initial=2))
    alice.post(edit, data | PUBLISH)
    assert [one.group for one in page.letters.all()] == [second.group, first.group]
    assert first.group == ""


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"keys": "[]"}, "Choose who gets it"),
        ({"keys": '["test/gone"]'}, "in office any more"),
        ({"body": "Dear {firstname}, or {salutation}"}, "Nothing replaces {firstname}, so"),
        ({"subject": "For {Target}"}, "Nothing replaces {Target}, so"),
        ({"body": ""}, "This field is required"),
    ],
)
def test_it_says_what_keeps_a_letter_from_arriving(
    alice: Client, campaign: Campaign, row: dict[str, Any], words: str
) -> None:
    shown = add(alice, "letterpage", campaign, forms.letter(row) | PUBLISH)
    assert words in shown
    assert not LetterPage.objects.exists()


def test_it_refuses_more_than_paper_holds(alice: Client, campaign: Campaign) -> None:
    data = forms.letter({"body": "word " * 900}, channel="print") | PUBLISH
    assert "takes 4000 at most" in add(alice, "letterpage", campaign, data)


def test_it_says_when_no_postcodes_are_known(alice: Client, campaign: Campaign) -> None:
    Crossing.objects.all().delete()
    shown = add(alice, "letterpage", campaign, forms.letter(OWN) | PUBLISH)
    assert "We know no postcodes of this country yet" in shown


def test_it_lets_a_draft_be_unfinished(alice: Client, campaign: Campaign) -> None:
    add(alice, "letterpage", campaign, forms.letter({"keys": "[]"}))
    assert not LetterPage.objects.get().live


def test_it_keeps_the_box_for_answers_to_itself(alice: Client, campaign: Campaign) -> None:
    boxes = forms.inline_formset([{"purpose": "reply_to", "text": "You may answer."}])
    shown = add(alice, "letterpage", campaign, forms.letter(consent_boxes=boxes) | PUBLISH)
    assert "We ask this ourselves" in shown


def test_it_publishes_a_call(alice: Client, campaign: Campaign) -> None:
    add(alice, "callpage", campaign, forms.call() | PUBLISH)
    page = CallPage.objects.get()
    assert page.live
    assert page.keys == [deciders.MINISTER]


def test_it_refuses_a_call_to_nobody(alice: Client, campaign: Campaign) -> None:
    shown = add(alice, "callpage", campaign, forms.call(keys="[]") | PUBLISH)
    assert "Choose who gets it" in shown


def test_it_shows_the_picker_and_the_lists(alice: Client, campaign: Campaign) -> None:
    address = reverse("wagtailadmin_pages:add", args=["campaigns", "letterpage", campaign.pk])
    shown = alice.get(address).content.decode()
    assert "<gw-picker" in shown or "&lt;gw-picker" in shown
    assert "Senators in the US Senate" in shown
    assert "studio/picker" in shown
