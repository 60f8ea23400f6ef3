"""The Texts tab: written, looked at, settled, approved, copied, and by whom."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.images.models import Image as Picture

from groundswell.campaigns.models import Campaign
from groundswell.messengers import queries_statements as queries
from groundswell.messengers import services as roster
from groundswell.messengers import services_statements as services
from groundswell.messengers.models import (
    Claim,
    Comment,
    Messenger,
    Side,
    Source,
    Statement,
    TrackedLink,
)
from groundswell.messengers.services_statements import NO_TIMES, Content
from groundswell.messengers.tests import people
from groundswell.studio import roles
from groundswell.studio.home.tests import desk

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


def url(name: str, campaign: Campaign, *rest: object) -> str:
    return reverse(name, args=[campaign.translation_key, *rest])


def text(campaign: Campaign, words: str = "Please sign.", **where: Any) -> Statement:
    return services.create(
        campaign_key=campaign.translation_key, language="en", by="bob", content=Content(text=words),
        **{"network": "x", **where},
    )  # fmt: skip


def fields(**said: object) -> dict[str, Any]:
    full = {
        "messenger": "all",
        "network": "x",
        "language": "en",
        "text": "Please sign.",
        "zone": "UTC",
    }
    return {**full, **said}


def png(name: str = "river.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


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


def test_it_warns_that_a_new_version_takes_the_approval(bob: Client, campaign: Campaign) -> None:
    one = text(campaign)
    bob.post(url("messengers_text_approve", campaign, one.key), {"version": "1"})
    assert "the approval is gone" in words(bob.get(url("messengers_text_edit", campaign, one.key)))

    answer = bob.post(
        url("messengers_text_edit", campaign, one.key), fields(text="Sign!", edit="0"), follow=True
    )

    assert "It needs your approval anew" in words(answer)
    row = queries.row(key=one.key)
    assert row
    assert row.state == "draft"


def test_it_says_that_a_draft_has_an_unsourced_claim(bob: Client, campaign: Campaign) -> None:
    one = text(campaign, "It lost 40% of its fish.")

    assert "1 claim without a source" in words(bob.get(url("messengers_texts", campaign)))
    shown = words(bob.get(url("messengers_text", campaign, one.key)))
    assert "This draft has 1 claim without a source." in shown
    assert "Approve version" not in shown


def test_it_refuses_a_yes_that_the_page_did_not_offer(bob: Client, campaign: Campaign) -> None:
    one = text(campaign, "It lost 40% of its fish.")

    answer = bob.post(url("messengers_text_approve", campaign, one.key), {"version": "1"})

    assert answer.status_code == 422
    assert "settle what is listed" in words(answer)


def test_it_ties_a_claim_to_a_source_and_approves(bob: Client, campaign: Campaign) -> None:
    one = text(campaign, "It lost 40% of its fish.")
    bob.post(
        url("messengers_sources", campaign), {"title": "Fish count", "url": "https://example.org/f"}
    )
    claim, source = Claim.objects.get(), Source.objects.get()

    bob.post(url("messengers_claim", campaign, one.key, claim.pk), {"source": str(source.pk)})
    bob.post(url("messengers_text_approve", campaign, one.key), {"version": "1"})

    row = queries.row(key=one.key)
    assert row
    assert (row.state, row.open_claims) == ("waiting", 0)
    assert "It lost 40%" in words(bob.get(url("messengers_source", campaign, source.pk)))
    bob.post(url("messengers_source_delete", campaign, source.pk))
    assert Source.objects.exists()


def test_it_waives_a_claim_for_a_reason_and_for_none_refuses(
    bob: Client, campaign: Campaign
) -> None:
    one = text(campaign, "It lost 40% of its fish.")
    address = url("messengers_claim", campaign, one.key, Claim.objects.get().pk)

    assert bob.post(address, {"why": "  "}).status_code == 422
    assert bob.post(address, {"source": "77"}).status_code == 422
    bob.post(address, {"why": "She counted them."})

    assert Claim.objects.get().waived_by == "bob"
    assert "She counted them." in words(bob.get(url("messengers_text", campaign, one.key)))
    bob.post(address, {"reopen": "1"})
    assert not Claim.objects.get().settled


def test_it_marks_a_sentence(bob: Client, campaign: Campaign) -> None:
    one = text(campaign, "The mayor promised it.")

    bob.post(url("messengers_text_mark", campaign, one.key), {"version": "1", "start": "0"})

    assert Claim.objects.get().text == "The mayor promised it."


def test_it_tells_who_approves_an_older_version_than_there_is(
    bob: Client, campaign: Campaign
) -> None:
    one = text(campaign)
    services.save(key=one.key, edit=0, content=Content("New."), times=NO_TIMES, by="alice")

    answer = bob.post(url("messengers_text_approve", campaign, one.key), {"version": "1"})

    assert answer.status_code == 409
    assert "the text has changed" in words(answer)
    row = queries.row(key=one.key)
    assert row
    assert row.ours is None


def test_it_takes_a_picture_and_asks_for_its_alternative_text(
    bob: Client, campaign: Campaign
) -> None:
    bob.post(url("messengers_text_new", campaign), fields(upload=png()))
    one, picture = Statement.objects.get(), Picture.objects.get()

    assert "no alternative text" in words(bob.get(url("messengers_text", campaign, one.key)))
    assert (
        bob.post(url("messengers_text_approve", campaign, one.key), {"version": "1"}).status_code
        == 422
    )
    bob.post(url("messengers_text_edit", campaign, one.key), fields(
        edit="0", picture=picture.pk, **{f"alt-{picture.pk}": "The river at dawn."}
    ))  # fmt: skip
    answer = bob.post(url("messengers_text_approve", campaign, one.key), {"version": "2"})

    assert answer.status_code == 302
    assert services.newest(one).pictures == [[picture.pk, "The river at dawn."]]


def test_it_keeps_a_sent_picture_when_something_else_is_wrong(
    bob: Client, campaign: Campaign
) -> None:
    answer = bob.post(
        url("messengers_text_new", campaign),
        fields(upload=png(), suggested="never", **{"alt-upload": "A river."}),
    )

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="picture" value="{Picture.objects.get().pk}"' in shown
    assert "A river." in shown


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_it_refuses_a_file_that_is_no_picture(
    bob: Client, campaign: Campaign, content: bytes
) -> None:
    file = SimpleUploadedFile("river.png", content)
    answer = bob.post(url("messengers_text_new", campaign), fields(upload=file, text="Keep me."))

    assert answer.status_code == 422
    assert "Keep me." in answer.content.decode()
    assert not Picture.objects.exists()


def test_it_orders_and_takes_off_pictures(bob: Client, campaign: Campaign) -> None:
    one = text(campaign)
    ids = []
    for _n in range(3):
        bob.post(url("messengers_text_edit", campaign, one.key), fields(
            upload=png(f"{_n}.png"), edit=str(Statement.objects.get().edit), picture=ids
        ))  # fmt: skip
        ids = [image for image, _alt in services.newest(one).pictures]

    bob.post(url("messengers_text_edit", campaign, one.key), fields(
        edit="3", picture=ids, **{f"place-{ids[2]}": "1", f"drop-{ids[1]}": "on"}
    ))  # fmt: skip

    assert [image for image, _alt in services.newest(one).pictures] == [ids[2], ids[0]]


def test_it_keeps_remarks_among_us_unless_told_otherwise(
    bob: Client, campaign: Campaign, mira: Messenger
) -> None:
    one = text(campaign, messenger_id=mira.pk)
    say = url("messengers_text_comment", campaign, one.key)

    bob.post(say, {"text": "Is it true?"})
    bob.post(say, {"text": "Do you like it?", "to": "them"})
    assert bob.post(say, {"text": " "}).status_code == 422

    assert [(row.text, row.ours_alone) for row in Comment.objects.all()] == [
        ("Is it true?", True), ("Do you like it?", False),
    ]  # fmt: skip


def test_it_answers_one_messenger_below_a_text_for_all(
    bob: Client, campaign: Campaign, mira: Messenger
) -> None:
    one = text(campaign)
    services.approve(key=one.key, version=1, by="bob")
    services.comment(key=one.key, text="Why?", side=Side.THEM, who="Ilo", messenger_id=mira.pk)

    bob.post(
        url("messengers_text_comment", campaign, one.key),
        {"text": "Because.", "to": mira.key.hex},
    )

    assert Comment.objects.get(text="Because.").messenger == mira


def test_it_shows_what_changed_between_versions(bob: Client, campaign: Campaign) -> None:
    one = text(campaign, "We lost 40% of it.")
    services.save(
        key=one.key, edit=0, content=Content("We lost half of it."), times=NO_TIMES, by="al"
    )

    shown = bob.get(url("messengers_text_changes", campaign, one.key)).content.decode()

    assert "<del>40%</del><ins>half</ins>" in shown


def test_it_makes_texts_for_many(bob: Client, campaign: Campaign, mira: Messenger) -> None:
    page = desk.make_page(campaign, "Sign the petition")
    answer = bob.post(url("messengers_texts_many", campaign), {
        "messengers": [mira.key.hex], "networks": ["x", "instagram", "tiktok"], "own": "on",
        "language": "en", "text": "Please sign {link}", "page": page.page_key.hex,
    }, follow=True)  # fmt: skip

    assert "2 texts made, as drafts." in words(answer)
    assert sorted(Statement.objects.values_list("network", "link__network")) == [
        ("instagram", "instagram"), ("x", "x"),
    ]  # fmt: skip


def test_it_says_that_nobody_is_on_the_chosen_networks(
    bob: Client, campaign: Campaign, mira: Messenger
) -> None:
    answer = bob.post(url("messengers_texts_many", campaign), {
        "messengers": [mira.key.hex], "networks": ["tiktok"], "own": "on", "language": "en",
        "text": "Please sign.",
    })  # fmt: skip

    assert answer.status_code == 422
    assert "None of them has an account" in words(answer)


def test_it_carries_a_text_into_another_language(
    bob: Client, campaign: Campaign, mira: Messenger
) -> None:
    one = text(campaign, messenger_id=mira.pk)

    answer = bob.post(url("messengers_text_language", campaign, one.key), {"languages": ["fr"]})

    made = Statement.objects.get(language="fr")
    assert answer["Location"] == url("messengers_text_edit", campaign, made.key)
    assert (made.messenger, made.network) == (mira, "x")


def test_it_puts_a_text_away_and_back(bob: Client, campaign: Campaign) -> None:
    one = text(campaign, "Put me away.")
    bob.post(url("messengers_text_away", campaign, one.key))

    assert "Put me away." not in words(bob.get(url("messengers_texts", campaign)))
    assert "Put me away." in words(bob.get(url("messengers_texts", campaign) + "?away=1"))
    bob.post(url("messengers_text_away", campaign, one.key))
    assert "Put me away." in words(bob.get(url("messengers_texts", campaign)))


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
