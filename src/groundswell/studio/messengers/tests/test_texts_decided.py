"""Texts on their way: claims settled, approved, with pictures, remarked on, copied."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
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
)
from groundswell.messengers.services_statements import NO_TIMES, Content
from groundswell.messengers.tests import people
from groundswell.studio import roles
from groundswell.studio.home.tests import desk
from groundswell.studio.messengers.tests.texts_desk import fields, png, text, url, words

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
    ids: list[int] = []
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


def test_it_takes_no_harm_from_what_no_database_keeps(bob: Client, campaign: Campaign) -> None:
    one = text(campaign, "It lost 40% of its fish.")
    bob.post(url("messengers_text_comment", campaign, one.key), {"text": "a\x00b"})
    bob.post(url("messengers_claim", campaign, one.key, Claim.objects.get().pk), {"why": "c\x00d"})
    bob.post(url("messengers_text_edit", campaign, one.key), fields(
        edit="0", upload=png(), **{"alt-upload": "e\x00f"}
    ))  # fmt: skip

    assert Comment.objects.get().text == "ab"
    assert services.newest(one).pictures == [[Picture.objects.get().pk, "ef"]]
