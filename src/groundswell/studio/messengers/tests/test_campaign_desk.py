"""A campaign's People and Links tabs."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from groundswell.campaigns.models import ActionPage
from groundswell.messengers import services
from groundswell.messengers.models import Involvement, Messenger, Post, PrivateLink, TrackedLink
from groundswell.messengers.tests import people
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> ActionPage:
    desk.furnish()
    return desk.make_page(desk.make_campaign("Keep the river"), title="Sign for the river")


@pytest.fixture
def key(page: ActionPage) -> UUID:
    found: UUID = page.campaign.translation_key
    return found


@pytest.fixture
def mira(key: UUID) -> Messenger:
    row = people.messenger()
    services.involve(messengers=[row], campaign_key=key, by="bob")
    return row


@pytest.fixture
def bob(page: ActionPage) -> Client:
    return desk.client_of("Campaigners", name="bob")


@pytest.fixture
def mona(page: ActionPage) -> Client:
    return desk.client_of("Moderators", name="mona")


def links(client: Client, page: ActionPage, /, **changes: Any) -> Any:
    said = {
        "page": page.page_key.hex,
        "who": ["own"],
        "networks": ["x", "tiktok"],
        "languages": ["en", "own"],
    }
    address = reverse("messengers_links", args=[page.campaign.translation_key])
    return client.post(address, said | changes, follow=True)


def test_it_lists_campaigns(bob: Client, mira: Messenger) -> None:
    text = bob.get(reverse("messengers")).content.decode()
    assert "Keep the river" in text
    assert "Invited" in text


def test_it_invites_from_the_roster(bob: Client, key: UUID) -> None:
    row = people.messenger()
    address = reverse("messengers_campaign", args=[key])
    assert "Mira Solenne · Singer" in bob.get(address).content.decode()
    assert bob.post(address, {}).status_code == 422
    assert bob.post(address, {"people": ["0" * 32]}).status_code == 422
    bob.post(address, {"people": [row.key.hex]})
    assert Involvement.objects.get().status == "invited"


def test_it_moves_step_by_step(bob: Client, key: UUID, mira: Messenger) -> None:
    address = reverse("messengers_step", args=[key, mira.key])
    bob.post(address, {"status": "agreed", "list": "1"})
    assert Involvement.objects.get().status == "agreed"
    refused = bob.post(address, {"status": "sponsored"}, follow=True).content.decode()
    assert "Choose one of the steps" in refused
    history = bob.get(reverse("messengers_part", args=[key, mira.key])).content.decode()
    assert "Agreed" in history


def test_it_plans_on_the_messengers_clock(bob: Client, key: UUID, mira: Messenger) -> None:
    address = reverse("messengers_part", args=[key, mira.key])
    bob.post(address, {"scheduled_at": "2027-02-03T20:00", "disclosure": "Unpaid"})
    part = Involvement.objects.get()
    assert part.scheduled_at == datetime(2027, 2, 3, 16, tzinfo=UTC)  # Yerevan is four hours ahead
    shown = bob.get(address).content.decode()
    assert 'value="2027-02-03T20:00"' in shown
    wrong = bob.post(address, {"scheduled_at": "soon", "disclosure": "x" * 201})
    assert wrong.status_code == 422
    assert "the day and the time" in wrong.content.decode()
    for odd in ("0001-01-01T00:00", "9999-12-31T23:59"):
        assert bob.post(address, {"scheduled_at": odd}).status_code in {302, 422}


def test_it_makes_and_closes_a_private_link(bob: Client, key: UUID, mira: Messenger) -> None:
    bob.post(reverse("messengers_private", args=[key, mira.key]), {"weeks": "4"})
    link = PrivateLink.objects.get()
    shown = bob.get(reverse("messengers_part", args=[key, mira.key])).content.decode()
    assert "/m/" in shown
    assert "/m/" not in bob.get(reverse("messengers_campaign", args=[key])).content.decode()
    bob.post(reverse("messengers_revoke", args=[key, mira.key]))
    link.refresh_from_db()
    assert link.revoked_by == "bob"
    shown = bob.get(reverse("messengers_part", args=[key, mira.key])).content.decode()
    assert "Closed by bob" in shown
    assert "/m/" not in shown
    wrong = bob.post(reverse("messengers_private", args=[key, mira.key]), {"weeks": "9000"})
    assert wrong.status_code == 422


def test_it_notes_a_post(bob: Client, page: ActionPage, key: UUID, mira: Messenger) -> None:
    links(bob, page, who=[mira.key.hex], networks=["x"], languages=["en"])
    code = TrackedLink.objects.get().code
    address = reverse("messengers_post", args=[key, mira.key])
    said = {"network": "x", "at": "2026-01-05T12:00", "url": "https://x.com/mira/1", "link": code}
    bob.post(address, said)
    post = Post.objects.get()
    assert (post.language, post.link) == ("en", TrackedLink.objects.get())
    assert Involvement.objects.get().status == "posted"
    wrong = bob.post(address, said | {"at": "2999-01-01T00:00", "url": "nowhere"})
    assert wrong.status_code == 422
    assert "still to come" in wrong.content.decode()
    bob.post(reverse("messengers_post_delete", args=[key, mira.key, post.pk]))
    assert not Post.objects.exists()


def test_it_makes_links_in_one_go(bob: Client, page: ActionPage, mira: Messenger) -> None:
    text = links(bob, page, who=[mira.key.hex, "own"]).content.decode()
    assert "8 links are ready." in text
    assert text.count("/k/") >= 8
    assert "8 were there already." in links(bob, page, who=[mira.key.hex, "own"]).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"page": "0" * 32},
        {"who": []},
        {"who": ["0" * 32]},
        {"networks": []},
        {"networks": ["friendster"]},
        {"languages": []},
        {"languages": ["xx"]},
    ],
)
def test_it_makes_no_link_that_leads_nowhere(
    bob: Client, page: ActionPage, changes: dict[str, Any]
) -> None:
    assert links(bob, page, **changes).status_code == 422
    assert not TrackedLink.objects.exists()


def test_it_names_shows_and_retires_a_link(bob: Client, page: ActionPage, key: UUID) -> None:
    links(bob, page, networks=["x"], languages=["en"])
    link = TrackedLink.objects.get()
    address = reverse("messengers_link", args=[key, link.code])
    assert "<svg" in bob.get(address).content.decode()
    wrong = bob.post(address, {"alias": "no spaces please"})
    assert wrong.status_code == 422
    assert "like ada-river" in wrong.content.decode()
    bob.post(address, {"alias": "River"})
    link.refresh_from_db()
    assert link.alias == "river"
    bob.post(reverse("messengers_link_retire", args=[key, link.code]))
    assert "1 retired link" in bob.get(reverse("messengers_links", args=[key])).content.decode()
    bob.post(reverse("messengers_link_retire", args=[key, link.code]))
    link.refresh_from_db()
    assert link.retired_at is None


def test_it_gives_the_code_as_files(bob: Client, page: ActionPage, key: UUID) -> None:
    links(bob, page, networks=["x"], languages=["en"])
    code = TrackedLink.objects.get().code

    def file(kind: str) -> Any:
        return bob.get(reverse("messengers_qr", args=[key, code, kind]))

    assert Image.open(BytesIO(file("png").content)).width >= 1200
    assert Image.open(BytesIO(file("print.png").content)).width >= 4000
    assert file("pdf").content.startswith(b"%PDF")
    assert b"<svg" in file("svg").content
    assert file("exe").status_code == 404


def test_it_shows_no_link_of_another_campaign(bob: Client, page: ActionPage) -> None:
    links(bob, page, networks=["x"], languages=["en"])
    code = TrackedLink.objects.get().code
    other = desk.make_campaign("Another").translation_key
    assert bob.get(reverse("messengers_link", args=[other, code])).status_code == 404
    assert bob.get(reverse("messengers_links", args=[uuid4()])).status_code == 404


def test_it_lets_moderators_look_and_no_more(
    mona: Client, page: ActionPage, key: UUID, mira: Messenger
) -> None:
    part = reverse("messengers_part", args=[key, mira.key])
    shown = mona.get(part).content.decode()
    assert "Mira Solenne" in shown
    assert "ilo@example.org" not in shown
    for name in ("step", "private", "revoke", "post"):
        address = reverse(f"messengers_{name}", args=[key, mira.key])
        assert mona.post(address, {"status": "agreed", "weeks": "4"}).status_code == 403
    assert mona.post(part, {"note": "mine"}).status_code == 403
    assert links(mona, page).status_code == 403
    assert mona.post(reverse("messengers_campaign", args=[key])).status_code == 403
    assert not PrivateLink.objects.exists()
