"""Pages on which supporters ask to be rung: only where that is offered, and without a script."""

from pathlib import Path

import msgspec
import pytest

from groundswell.base import env, wire
from groundswell.campaigns import publish, ringing
from groundswell.campaigns.models import Campaign, ConsentText
from groundswell.campaigns.tests import deciders
from groundswell.campaigns.tests.public_pages import make_campaign, make_home
from groundswell.campaigns.tests.sample_reach import RING
from groundswell.campaigns.tests.test_letter_pages import CAMPAIGN, call, read, spec
from groundswell.intake.tests.site_factory import Intake, read_journal

FORM = "/en/quay/call/ring/"
GOOD = {"phone": "+44 20 7946 0111", "consent_ring": RING.versions[-1]}


@pytest.fixture
def campaign() -> Campaign:
    deciders.load()
    return make_campaign(make_home())


@pytest.fixture
def account(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = msgspec.structs.replace(
        env.load(), twilio_account_sid="AC" + "0" * 32, twilio_number="+442079460000"
    )
    monkeypatch.setattr(env, "load", lambda: made)


@pytest.mark.django_db
def test_it_publishes_a_form_where_it_is_offered(
    public: Path, account: None, campaign: Campaign
) -> None:
    page = call(campaign, offer_ring=True, own=["house"])
    publish.publish_page(page)
    found = spec(public, page, "ring")
    assert [field.name for field in found.fields] == ["division", "postcode", "phone"]
    assert found.fields[2].required
    assert found.consents == (wire.ConsentSpec("ring", (ringing.version("en"),), required=True),)
    assert found.done == f"{page.public_path}ring/done/"
    assert 'href="/k/-/en/keep-the-reading-room/call/ring/"' in read(public, f"{CAMPAIGN}/call")
    assert "Ring me" in read(public, f"{CAMPAIGN}/call/ring")
    assert "Press 1" in read(public, f"{CAMPAIGN}/call/ring/done")
    assert ringing.consent("en") in read(public, f"{CAMPAIGN}/privacy")
    kept = ConsentText.objects.get(page_key=page.page_key, purpose="ring")
    assert (kept.text, kept.version) == (ringing.consent("en"), ringing.version("en"))


@pytest.mark.django_db
def test_it_offers_nothing_unasked(public: Path, account: None, campaign: Campaign) -> None:
    publish.publish_page(call(campaign))
    assert not (public / CAMPAIGN / "call/ring").exists()
    assert "ring/" not in read(public, f"{CAMPAIGN}/call")


@pytest.mark.django_db
def test_it_offers_nothing_without_an_account(public: Path, campaign: Campaign) -> None:
    page = call(campaign, offer_ring=True)
    publish.publish_page(page)
    assert not (public / CAMPAIGN / "call/ring").exists()
    assert not ConsentText.objects.filter(page_key=page.page_key, purpose="ring").exists()


def test_it_takes_the_form_without_a_script(door: Intake) -> None:
    before = len(read_journal(door.folder))
    answer = door.form(GOOD, path=FORM)
    assert answer.status == 303
    assert answer.headers["location"] == f"{FORM}done/"
    (one,) = read_journal(door.folder)[before:]
    assert one.verb == "ring"
    assert one.kind == "call"
    assert one.fields == {"phone": "+442079460111"}
    assert one.consents == {"ring": RING.versions[-1]}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({**GOOD, "phone": "soon"}, "Please check this number"),
        ({"phone": GOOD["phone"]}, "Please tick this box"),
        ({"consent_ring": GOOD["consent_ring"]}, "Please fill this in"),
    ],
)
def test_it_gives_the_form_back_with_what_is_wrong(
    door: Intake, sent: dict[str, str], said: str
) -> None:
    answer = door.form(sent, path=FORM)
    assert answer.status == 422
    assert said in answer.body.decode()
    if "phone" in sent:
        assert f'value="{sent["phone"]}"' in answer.body.decode()
