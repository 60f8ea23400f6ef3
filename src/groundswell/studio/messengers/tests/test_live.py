"""The live view: who may see it, what it says, and how soon."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from groundswell.base import clock
from groundswell.messengers import queries_live
from groundswell.messengers.models import Messenger, Post
from groundswell.messengers.tests import scenes
from groundswell.studio.home.tests import desk
from groundswell.studio.messengers import door

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    queries_live.forget()
    door.forget()


@pytest.fixture
def scene() -> tuple[UUID, UUID, Messenger]:
    """A campaign, its page, and a singer with a link to it."""
    desk.furnish()
    campaign = desk.make_campaign("Keep the river")
    page = desk.make_page(campaign)
    mira = scenes.messenger("Mira <Sol>", instagram=5_000_000)
    key = campaign.translation_key
    scenes.link("mi1", mira, key, page.page_key)
    return key, page.page_key, mira


def test_it_shows_what_came_through_links(scene: tuple[UUID, UUID, Messenger]) -> None:
    key, page_key, mira = scene
    now = clock.now()
    Post.objects.create(
        messenger=mira, campaign_key=key, network="instagram", at=now - timedelta(minutes=9)
    )
    scenes.happened(
        [
            scenes.change(page_key, "mi1", now, "vi", "VN", visits=1234, collected=56, confirmed=7),
            scenes.change(page_key, "whatsapp", now, collected=3),
        ]
    )
    client = desk.client_of("Campaigners")
    text = client.get(reverse("messengers_live", args=[key])).content.decode()
    assert "1,234" in text
    assert "Mira &lt;Sol&gt;" in text
    assert "<Sol>" not in text
    assert "Vietnam" in text
    assert "Instagram" in text
    assert "gw-curve--expected" in text
    part = client.get(reverse("messengers_live_part", args=[key]))
    assert "1,234" in part.content.decode()
    assert "no-store" in part["Cache-Control"]


def test_it_says_the_same_as_json(scene: tuple[UUID, UUID, Messenger]) -> None:
    key, page_key, _mira = scene
    client = desk.client_of("Moderators")
    address = reverse("messengers_live_json", args=[key])
    assert client.get(address).json()["visits"] == 0
    queries_live.forget()
    scenes.happened([scenes.change(page_key, "mi1", clock.now(), visits=9, collected=3)])
    found = client.get(address).json()
    assert (found["visits"], found["actions"], found["conversion"]) == (9, 3, 0.3333)
    assert found["expected"] is None
    assert len(found["minutes"]) == 60
    assert sum(one["visits"] for one in found["minutes"]) == 9
    assert found["messengers"]["Mira <Sol>"]["visits"] == 9


def test_it_looks_back_as_far_as_asked(scene: tuple[UUID, UUID, Messenger]) -> None:
    client = desk.client_of("Campaigners")
    address = reverse("messengers_live_json", args=[scene[0]])
    assert len(client.get(address, {"minutes": "360"}).json()["minutes"]) == 360
    for odd in ("7", "-1", "99999999", "x", ""):
        assert len(client.get(address, {"minutes": odd}).json()["minutes"]) == 60


def test_it_is_for_those_who_may_see_messengers(scene: tuple[UUID, UUID, Messenger]) -> None:
    for name in ("messengers_live", "messengers_live_part", "messengers_live_json"):
        Group.objects.get(name="Moderators").permissions.clear()
        client = desk.client_of("Moderators", name=f"m-{name}")
        assert client.get(reverse(name, args=[scene[0]])).status_code in {302, 403}
        unknown = reverse(name, args=[uuid4()])
        client = desk.client_of("Campaigners", name=f"c-{name}")
        assert client.get(unknown).status_code == 404


def test_it_asks_little_each_second(
    scene: tuple[UUID, UUID, Messenger], django_assert_max_num_queries: object
) -> None:
    client = desk.client_of("Campaigners")
    address = reverse("messengers_live_part", args=[scene[0]])
    client.get(address)
    with django_assert_max_num_queries(22):  # type: ignore[operator]  # eight of sums, none of people
        assert client.get(address).status_code == 200
