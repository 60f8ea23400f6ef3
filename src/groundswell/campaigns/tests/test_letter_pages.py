"""Letter and call pages from the database to the public door: fields, words, who gets what."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from wagtail.models import Locale

from groundswell.base import wire
from groundswell.campaigns import counters, publish, services, stamp
from groundswell.campaigns.models import (
    Answer,
    CallPage,
    Campaign,
    ConsentText,
    LetterPage,
    LetterText,
    TalkingPoint,
)
from groundswell.campaigns.tests import deciders
from groundswell.campaigns.tests.public_pages import make_campaign, make_home
from groundswell.directory.models import ContactDetail

pytestmark = pytest.mark.django_db
CAMPAIGN = "en/keep-the-reading-room"


@pytest.fixture
def campaign() -> Campaign:
    deciders.load()
    return make_campaign(make_home())


def text(**changes: Any) -> LetterText:
    words = {
        "own": ["senate", "house"],
        "subject": "Mend the wall",
        "body": "{salutation},\n\n{points}\n\nPlease mend it.\n\n{given_name} {family_name}",
    }
    return LetterText(**words | changes)


def letter(campaign: Campaign, *letters: LetterText, **fields: Any) -> LetterPage:
    page = services.create_letter_page(
        campaign=campaign,
        title="Write",
        letters=letters or [text()],
        points=[TalkingPoint(key="walk", label="I walk there", text="I walk there.")],
        **fields,
    )
    services.publish_now(page=page)
    page.refresh_from_db()
    return page


def call(campaign: Campaign, **fields: Any) -> CallPage:
    page = services.create_call_page(
        campaign=campaign,
        title="Call",
        opening="Hello, my name is",
        say="<p>Mend it.</p>",
        answers=[Answer(asked="Where do you live?", reply="<p>Say it.</p>")],
        **{"keys": [deciders.MINISTER]} | fields,
    )
    services.publish_now(page=page)
    page.refresh_from_db()
    return page


def read(public: Path, path: str) -> str:
    return (public / path / "index.html").read_text(encoding="utf-8")


def spec(public: Path, page: Any, verb: str = "sign") -> wire.PageSpec:
    name = f"{page.page_key.hex}.{verb}.en.json"
    return wire.decode_spec((public.parent / "specs" / name).read_bytes())


def test_it_publishes_all_that_belongs_to_a_letter(public: Path, campaign: Campaign) -> None:
    publish.publish_page(letter(campaign))
    for name in ("", "thanks", "confirm", "confirmed", "withdraw", "report", "reported"):
        assert "Write" in read(public, f"{CAMPAIGN}/write/{name}")
    assert "Yes, send my letter" in read(public, f"{CAMPAIGN}/write/confirm")
    assert "people have written" in read(public, CAMPAIGN)


@pytest.mark.parametrize(
    ("channel", "note", "confirmed"),
    [
        ("email", "Your letter goes out once", "Your letter is on its way"),
        ("print", "only from you yourself", "Your letter is not sent yet"),
        ("cwc", "only from you yourself", "Your letter is not sent yet"),
    ],
)
def test_it_promises_to_send_only_what_it_can(
    public: Path, campaign: Campaign, channel: str, note: str, confirmed: str
) -> None:
    publish.publish_page(letter(campaign, channel=channel))
    assert note in read(public, f"{CAMPAIGN}/write")
    assert confirmed in read(public, f"{CAMPAIGN}/write/confirmed")
    button = "send my letter" if channel == "email" else "this is my letter"
    assert button in read(public, f"{CAMPAIGN}/write/confirm")


def test_it_says_that_some_take_letters_from_the_supporter_alone(
    public: Path, campaign: Campaign
) -> None:
    ContactDetail.objects.filter(key="test/member/email").delete()
    publish.publish_page(letter(campaign))
    said = read(public, f"{CAMPAIGN}/write/confirmed")
    assert "what is left to do is in the e-mail that we send you now" in said
    assert "Your letter is on its way" not in said


def test_it_speaks_of_writing_and_calling_not_of_signing(public: Path, campaign: Campaign) -> None:
    publish.publish_page(letter(campaign))
    publish.publish_page(call(campaign))
    for path in ("write/thanks", "write/confirmed", "call/thanks", "call/confirmed"):
        html = read(public, f"{CAMPAIGN}/{path}")
        assert "because someone they know" in html
        assert re.search(r"people sign|ha(s|ve) signed|signature", html) is None


def test_it_asks_what_congress_asks(public: Path, campaign: Campaign) -> None:
    page = letter(campaign)
    publish.publish_page(page)
    fields = {field.name: field for field in spec(public, page).fields}
    assert fields["division"] == wire.FieldSpec(
        "division", "division", required=True, choices=("senate", "house"), lookup="us"
    )
    needed = ("prefix", "street", "city", "region", "postcode", "given_name", "subject", "body")
    assert all(fields[name].required for name in needed)
    assert not fields["point_walk"].required
    assert not fields["copy"].required
    assert fields["body"].max == 10_000
    assert '<option value="Ms.">' in read(public, f"{CAMPAIGN}/write")


def test_it_asks_others_for_less(public: Path, campaign: Campaign) -> None:
    page = letter(campaign, text(own=[], keys=[deciders.MINISTER]))
    publish.publish_page(page)
    names = {field.name for field in spec(public, page).fields}
    assert names == {
        "subject", "body", "point_walk", "given_name", "family_name", "email", "country", "copy",
    }  # fmt: skip
    html = read(public, f"{CAMPAIGN}/write")
    assert 'data-target="test/minister" data-name="Marta Quill"' in html
    assert 'data-channel="form"' not in html


def test_it_takes_reports_of_letters_that_only_a_supporter_can_send(
    public: Path, campaign: Campaign
) -> None:
    page = letter(campaign)
    publish.publish_page(page)
    found = spec(public, page, "report")
    assert found.path == f"{page.public_path}report/"
    assert found.done == f"{page.public_path}reported/"
    assert {field.name for field in found.fields} == {"ref", "t", "target", "step"}


def test_it_shows_the_draft_and_leaves_its_marks(public: Path, campaign: Campaign) -> None:
    publish.publish_page(letter(campaign, text(subject='Mend "it" <now>')))
    html = read(public, f"{CAMPAIGN}/write")
    assert 'value="Mend &quot;it&quot; &lt;now&gt;"' in html
    assert "{salutation},\n\n{points}\n\nPlease mend it." in html


@pytest.mark.parametrize("evil", ["{{ settings }}", "{% debug %}", "{salutation}", "<b>x</b>"])
def test_it_takes_nothing_an_organiser_or_office_is_called_for_a_command(
    public: Path, campaign: Campaign, evil: str
) -> None:
    page = letter(campaign, text(label=evil), text(keys=[deciders.MINISTER], own=[]))
    page.points.set([TalkingPoint(key="evil", label=evil, text=evil)])
    services.publish_now(page=page)
    publish.publish_page(page)
    html = read(public, f"{CAMPAIGN}/write")
    shown = evil.replace("<", "&lt;").replace(">", "&gt;")
    assert f">{shown}</h4>" in html
    assert f'data-point="{shown}"' in html
    assert "<b>x" not in html


def test_it_cleans_what_a_caller_is_to_say(public: Path, campaign: Campaign) -> None:
    page = call(campaign)
    page.say = '<p onclick="x()">Mend<script>alert(1)</script> it.</p>'
    services.publish_now(page=page)
    publish.publish_page(page)
    html = read(public, f"{CAMPAIGN}/call")
    assert "<p>Mend it.</p>" in html
    assert "onclick" not in html


def test_it_names_each_text_so_that_no_two_meet_on_the_wire(
    public: Path, campaign: Campaign
) -> None:
    minister = text(own=[], keys=[deciders.MINISTER, "test/senator-1", "test/nobody"])
    page = letter(campaign, minister, text(), text(own=[], keys=[deciders.MINISTER]))
    groups = [row.group for row in page.letters.all()]
    assert groups[0] == ""
    assert len(set(groups)) == 3
    publish.publish_page(page)
    names = {field.name for field in spec(public, page).fields}
    assert {"subject", "body", f"subject_{groups[1]}", f"body_{groups[2]}"} <= names
    html = read(public, f"{CAMPAIGN}/write")
    # Who is in two texts is named once, with the first of them.
    assert html.count('data-target="test/minister"') == 1
    assert 'data-groups="senate house" data-limit="10000"' in html


def test_it_publishes_a_call_with_numbers_and_hours(public: Path, campaign: Campaign) -> None:
    page = call(campaign, own=["senate"])
    publish.publish_page(page)
    html = read(public, f"{CAMPAIGN}/call")
    assert 'href="tel:+12025550101"' in html
    assert "Mon–Fri 09:00–17:00 (Eastern Time)" in html
    fields = {field.name: field for field in spec(public, page).fields}
    assert fields["target"] == wire.FieldSpec(
        "target", "target", required=True, max=120, choices=(deciders.MINISTER,), lookup="us"
    )
    assert fields["outcome"].choices == ("reached", "voicemail", "busy", "wrong_number")
    assert "email" not in fields


def test_it_counts_calls_as_told_and_letters_as_confirmed(public: Path, campaign: Campaign) -> None:
    written, called = letter(campaign), call(campaign)
    publish.publish_site()
    totals = counters.Totals(collected=7, confirmed=2)
    stamp.stamp_counts({written.page_key: totals, called.page_key: totals})
    shown = read(public, CAMPAIGN)
    assert f'<b data-count="{written.page_key.hex}">2</b>' in shown
    assert f'<b data-count="{called.page_key.hex}">7</b>' in shown
    count = (public / f"count/{called.page_key.hex}.json").read_text()
    assert '"counted":7,"collected":7' in count


def test_it_keeps_what_was_agreed_to_about_answers(campaign: Campaign) -> None:
    page = letter(campaign)
    kept = ConsentText.objects.get(page_key=page.page_key, purpose="reply_to")
    assert kept.text == "The office may answer me directly at my e-mail address."
    silent = letter(campaign, offer_reply=False, slug="silent")
    assert not ConsentText.objects.filter(page_key=silent.page_key).exists()


def test_it_takes_a_letter_away_but_not_the_right_to_withdraw(
    public: Path, campaign: Campaign
) -> None:
    page = letter(campaign)
    publish.publish_page(page)
    page.unpublish()
    publish.unpublish_page(page)
    assert not (public / CAMPAIGN / "write/index.html").exists()
    assert "Take your letter back" in read(public, f"{CAMPAIGN}/write/withdraw")


def test_it_publishes_a_letter_in_its_other_language(public: Path, campaign: Campaign) -> None:
    make_home("fr")
    page = letter(campaign)
    locale = Locale.objects.get(language_code="fr")
    services.publish_now(page=campaign.copy_for_translation(locale))
    french = page.copy_for_translation(locale)
    french.letters.set([text(subject="Réparez le mur", group="")])
    services.publish_now(page=french)
    publish.publish_page(page)
    html = read(public, french.public_path.strip("/"))
    assert 'value="Réparez le mur"' in html
    assert "Qui vous représente" in html or "data-place" in html
    assert page.public_path in html


@pytest.mark.parametrize("mode", ["", "as-read"])
def test_it_previews_the_page_and_the_letter(campaign: Campaign, mode: str) -> None:
    page = letter(campaign, text(own=[], keys=[deciders.MINISTER]))
    request = RequestFactory().get("/")
    shown = page.serve_preview(request, mode).content.decode()
    assert ("Dear Minister of Harbours Quill," in shown) == bool(mode)
    assert ("I walk there." in shown.replace('data-point="I walk there."', "")) == bool(mode)
    assert ("{given_name}" in shown) != bool(mode)


def test_it_refuses_a_letter_to_nobody(campaign: Campaign) -> None:
    with pytest.raises(ValidationError, match="Choose who gets it"):
        letter(campaign, text(own=[]))


def test_it_names_the_mark_that_nothing_replaces(campaign: Campaign) -> None:
    with pytest.raises(ValidationError, match=r"\{firstname\}"):
        letter(campaign, text(body="Dear {firstname}"))
