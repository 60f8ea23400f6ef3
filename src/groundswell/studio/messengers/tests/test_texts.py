"""The Texts tab: written, looked at, settled, approved, copied, and by whom."""

from typing import Any

import pytest
from django.test import Client

from groundswell.campaigns.models import Campaign
from groundswell.messengers import services as roster
from groundswell.messengers import services_statements as services
from groundswell.messengers.models import (
    Messenger,
    Statement,
    TrackedLink,
)
from groundswell.messengers.services_statements import NO_TIMES, Content
from groundswell.messengers.tests import people
from groundswell.studio import roles
from groundswell.studio.home.tests import desk
from groundswell.studio.messengers.tests.texts_desk import fields, text, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    desk.furnish()
    return desk.make_campaign("Save the Arla")


@pytest.fixture
def bob(campaign: Campaign) -> Client:
    return desk.client_of(roles.CAMPAIGNERS, name="bob")


@pytest.fixture
def mira(campaign: Campaign) -> Messenger:
    one = people.messenger()
    roster.involve(messengers=[one], campaign_key=campaign.translation_key, by="bob")
    return one


def test_it_says_what_to_do_while_there_is_no_text(bob: Client, campaign: Campaign) -> None:
    shown = words(bob.get(url("messengers_texts", campaign)))

    assert "No text yet." in shown
    assert "Write the first text" in shown


def test_it_offers_what_a_messenger_has_no_text_for(
    bob: Client, campaign: Campaign, mira: Messenger
) -> None:
    text(campaign, network="x", messenger_id=mira.pk)

    shown = words(bob.get(url("messengers_texts", campaign)))

    assert "Instagram · English" in shown
    assert "X · English" not in shown


def test_it_writes_a_text_with_a_new_link(bob: Client, campaign: Campaign, mira: Messenger) -> None:
    page = desk.make_page(campaign, "Sign the petition")
    answer = bob.post(url("messengers_text_new", campaign), fields(
        messenger=mira.key.hex, text="Please sign {link}", link=f"new:{page.page_key.hex}",
        zone="Asia/Yerevan", suggested="2027-03-08T18:30", embargo="2027-03-08T18:00",
    ))  # fmt: skip

    one = Statement.objects.get()
    assert answer.status_code == 302
    assert one.link == TrackedLink.objects.get(messenger=mira, network="x", page_key=page.page_key)
    assert one.suggested_at
    assert one.suggested_at.isoformat() == "2027-03-08T14:30:00+00:00"
    shown = words(bob.get(answer["Location"]))
    assert "8 Mar 2027, 18:30" in shown
    assert "14:30" in shown


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"suggested": "tomorrow"}, "Write a day and a time"),
        ({"zone": "Europe/Berlin", "suggested": "2027-03-28T02:30"}, "Choose"),
        ({"suggested": "9999-99-99T00:00"}, "Write a day and a time"),
        (
            {"suggested": "2027-01-01T10:00", "embargo": "2027-01-01T11:00"},
            "before the embargo ends",
        ),
        ({"text": "a" * 100_001}, "100000"),
        ({"disclosure": "a" * 201}, "200"),
        ({"link": "new:abc"}, "Select a valid choice"),
        ({"messenger": "x"}, "Select a valid choice"),
        ({"network": "fax"}, "Select a valid choice"),
    ],
)
def test_it_names_what_is_wrong_and_keeps_what_was_typed(
    bob: Client, campaign: Campaign, said: dict[str, str], error: str
) -> None:
    answer = bob.post(
        url("messengers_text_new", campaign), fields(**{"text": "Keep me & mine", **said})
    )

    assert answer.status_code == 422
    if error != "Choose":
        assert error in words(answer)
    assert not Statement.objects.exists()
    assert "Keep me &amp; mine" in answer.content.decode() or "text" in said


def test_it_refuses_an_hour_that_clocks_leave_out(
    bob: Client, campaign: Campaign, mira: Messenger
) -> None:
    Messenger.objects.update(time_zone="Europe/Berlin")
    answer = bob.post(url("messengers_text_new", campaign), fields(
        messenger=mira.key.hex, zone="Europe/Berlin", suggested="2027-03-28T02:30"
    ))  # fmt: skip

    assert answer.status_code == 422
    assert "This hour does not exist there" in words(answer)


def test_it_counts_without_saving(bob: Client, campaign: Campaign) -> None:
    answer = bob.post(
        url("messengers_text_new", campaign), fields(text="a" * 290, disclosure="Ad", count="1")
    )

    assert answer.status_code == 200
    assert "293 of 280" in words(answer)
    assert "13 too many" in words(answer)
    assert "The disclosure takes 3." in words(answer)
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("network", "typed", "count"),
    [
        ("x", "Look {link} 👩‍👧‍👦 #River", "Look ".__len__() + 23 + 1 + 2 + 7),
        ("bluesky", "👩‍👧‍👦" * 10, 10),
        ("mastodon", "Sign {link}", 5 + 23),
        ("instagram", "é" * 30, 30),
    ],
)
def test_it_counts_while_you_write(
    bob: Client, campaign: Campaign, network: str, typed: str, count: int
) -> None:
    answer = bob.post(url("messengers_text_look", campaign), fields(network=network, text=typed))

    assert f"<strong data-length>{count}</strong>" in answer.content.decode()


@pytest.mark.parametrize("said", [{}, {"of": "x"}, {"network": "fax", "picture": ["x", "99999"]}])
def test_it_takes_any_question_while_you_write(
    bob: Client, campaign: Campaign, said: dict[str, Any]
) -> None:
    assert bob.post(url("messengers_text_look", campaign), said).status_code == 200


def test_it_refuses_a_stale_save_and_keeps_what_was_typed(bob: Client, campaign: Campaign) -> None:
    one = text(campaign, "First.")
    alice = desk.client_of(roles.ADMINISTRATORS, name="alice")
    alice.post(url("messengers_text_edit", campaign, one.key), fields(text="Hers.", edit="0"))

    answer = bob.post(url("messengers_text_edit", campaign, one.key), fields(text="His.", edit="0"))

    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "alice" in shown
    assert "His." in shown
    assert 'name="edit" value="1"' in shown
    assert services.newest(one).text == "Hers."


def test_it_would_overwrite_without_the_check(
    bob: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_take", lambda _key, _edit: True)
    one = text(campaign, "First.")
    services.save(key=one.key, edit=0, content=Content("Hers."), times=NO_TIMES, by="alice")

    answer = bob.post(url("messengers_text_edit", campaign, one.key), fields(text="His.", edit="0"))

    assert answer.status_code == 302
    assert services.newest(one).text == "His."


def test_it_shows_what_changed_between_versions(bob: Client, campaign: Campaign) -> None:
    one = text(campaign, "We lost 40% of it.")
    services.save(
        key=one.key, edit=0, content=Content("We lost half of it."), times=NO_TIMES, by="al"
    )

    shown = bob.get(url("messengers_text_changes", campaign, one.key)).content.decode()

    assert "<del>40%</del><ins>half</ins>" in shown


def test_it_filters(bob: Client, campaign: Campaign, mira: Messenger) -> None:
    text(campaign, "For all of it.")
    text(campaign, "It lost 40%.", network="bluesky", messenger_id=mira.pk)

    def shown(query: str) -> str:
        return words(bob.get(url("messengers_texts", campaign) + query))

    assert "It lost 40%." not in shown("?messenger=all")
    assert "For all of it." not in shown("?network=bluesky")
    assert "For all of it." not in shown("?state=unsourced")
    assert "No text is like that." in shown("?state=approved")
    assert "For all of it." in shown("?state=nonsense&network=fax")


def test_it_asks_no_more_of_the_database_for_more_texts(
    bob: Client, campaign: Campaign, mira: Messenger, django_assert_max_num_queries: Any
) -> None:
    text(campaign)
    address = url("messengers_texts", campaign)
    bob.get(address)
    with django_assert_max_num_queries(60) as before:
        bob.get(address)
    for network in ("x", "bluesky", "mastodon", "threads"):
        text(campaign, "It lost 40%.", network=network, messenger_id=mira.pk)
    with django_assert_max_num_queries(len(before) + 4):
        bob.get(address)


def test_it_lets_moderators_look_and_no_more(campaign: Campaign, mira: Messenger) -> None:
    one = text(campaign)
    mona = desk.client_of(roles.MODERATORS, name="mona")

    seen = {"messengers_text": one.key, "messengers_text_changes": one.key}
    for name in ("messengers_texts", "messengers_sources", *seen):
        rest = (seen[name],) if name in seen else ()
        assert mona.get(url(name, campaign, *rest)).status_code == 200, name
    assert "Approve version" not in words(mona.get(url("messengers_text", campaign, one.key)))
    for name in ("edit", "approve", "withdraw", "comment", "away", "mark", "language"):
        address = url(f"messengers_text_{name}", campaign, one.key)
        assert mona.post(address, {"text": "x"}).status_code == 403, name
    for name in ("messengers_text_new", "messengers_texts_many", "messengers_sources"):
        assert mona.post(url(name, campaign), {"title": "x"}).status_code == 403, name


def test_it_shows_a_stranger_nothing(campaign: Campaign) -> None:
    one = text(campaign)
    answer = Client().get(url("messengers_text", campaign, one.key))

    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_it_finds_no_text_of_another_campaign(bob: Client, campaign: Campaign) -> None:
    one = text(campaign)
    other = desk.make_campaign("Another")

    assert bob.get(url("messengers_text", other, one.key)).status_code == 404
    assert (
        bob.post(url("messengers_text_approve", other, one.key), {"version": "1"}).status_code
        == 404
    )
