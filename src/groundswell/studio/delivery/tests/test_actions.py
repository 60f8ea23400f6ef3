"""Pausing, holding, releasing and sending again: asked for first, done once, on the record."""

from uuid import uuid4

import pytest
from django.test import Client

from groundswell.delivery.models import Hold, Parcel, State, TargetTally
from groundswell.people import audit
from groundswell.people.models import AuditEntry
from groundswell.studio import roles
from groundswell.studio.delivery.tests import scene as scenes
from groundswell.studio.delivery.tests.scene import OFFICE, SENATOR, Scene, go
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return scenes.make()


@pytest.fixture
def bob(scene: Scene) -> Client:
    return desk.client_of(roles.CAMPAIGNERS, name="bob")


def recorded() -> list[tuple[str, str, str]]:
    return [(one.organiser, one.action, one.object) for one in AuditEntry.objects.order_by("pk")]


def test_it_pauses_and_resumes_a_page(bob: Client, scene: Scene) -> None:
    scene.send(2)
    base = f"/delivery/{scene.page_key}"
    assert "Pause these letters?" in bob.get(f"{base}/pause/").content.decode()
    assert not Hold.objects.exists()
    assert bob.post(f"{base}/pause/", {"reason": "wait for Monday"}).status_code == 302
    assert TargetTally.objects.get().is_held
    assert Hold.objects.get().reason == "wait for Monday"
    bob.post(f"{base}/resume/")
    assert not TargetTally.objects.get().is_held
    page = f"page {scene.page_key}"
    assert recorded() == [("bob", audit.PAUSE, page), ("bob", audit.RESUME, page)]


def test_it_pauses_and_resumes_a_campaign(bob: Client, scene: Scene) -> None:
    scene.send(1)
    base = f"/delivery/campaign/{scene.campaign.translation_key}"
    assert "Clean air" in bob.get(f"{base}/pause/").content.decode()
    bob.post(f"{base}/pause/")
    assert TargetTally.objects.get().is_held
    assert (
        "The whole campaign is paused." in bob.get(f"/delivery/{scene.page_key}/").content.decode()
    )
    bob.post(f"{base}/resume/")
    assert not TargetTally.objects.get().is_held
    assert [one[1] for one in recorded()] == [audit.PAUSE, audit.RESUME]


def test_it_holds_and_releases_one_decision_maker(bob: Client, scene: Scene) -> None:
    scene.send(1)
    scene.send(1, target=OFFICE)
    base = f"/delivery/{scene.page_key}"
    query = f"?target={SENATOR}"
    assert "Maria Cantwell" in bob.get(f"{base}/hold/{query}").content.decode()
    bob.post(f"{base}/hold/{query}", {"reason": "they asked"})
    held = dict(TargetTally.objects.values_list("target", "is_held"))
    assert held == {SENATOR: True, OFFICE: False}
    assert "Release…" in bob.get(f"{base}/").content.decode()
    assert "leaves as fast" in bob.get(f"{base}/release/{query}").content.decode()
    bob.post(f"{base}/release/{query}")
    assert not TargetTally.objects.filter(is_held=True).exists()
    assert recorded() == [("bob", audit.HOLD, SENATOR), ("bob", audit.RELEASE, SENATOR)]


@pytest.mark.parametrize("action", ["hold", "release", "again"])
def test_it_knows_no_decision_maker_of_another_page(bob: Client, scene: Scene, action: str) -> None:
    scene.send(1)
    address = f"/delivery/{scene.page_key}/{action}/?target=us/X000000"
    assert bob.get(address).status_code == 404
    assert bob.post(address).status_code == 404
    assert not Hold.objects.exists()


@pytest.mark.parametrize(("bounced", "number"), [(False, 2), (True, 3)])
def test_it_sends_again_what_failed(bob: Client, scene: Scene, bounced: bool, number: int) -> None:
    go(scene.send(2), State.SENDING, State.FAILED)
    go(scene.send(1), State.SENDING, State.BOUNCED)
    go(scene.send(1), State.SENDING, State.ACCEPTED)
    address = f"/delivery/{scene.page_key}/again/"
    assert "Send again what failed?" in bob.get(address).content.decode()
    assert Parcel.objects.filter(state=State.QUEUED).count() == 0
    answer = bob.post(address, {"bounced": "on"} if bounced else {}, follow=True)
    words = f"{number} letters are back in line."
    assert words in answer.content.decode()
    assert Parcel.objects.filter(state=State.QUEUED).count() == number
    assert Parcel.objects.filter(state=State.ACCEPTED).count() == 1
    assert AuditEntry.objects.get().detail == f"letters={number}"


def test_it_sends_one_letter_again(bob: Client, scene: Scene) -> None:
    (one,) = scene.send(1)
    go([one], State.SENDING, State.FAILED)
    assert "Send this one again" in bob.get(f"/delivery/letter/{one.key}/").content.decode()
    bob.post(f"/delivery/letter/{one.key}/again/")
    one.refresh_from_db()
    assert one.state == State.QUEUED
    assert "bob" in bob.get(f"/delivery/letter/{one.key}/").content.decode()
    assert bob.post(f"/delivery/letter/{one.key}/again/").status_code == 404
    assert len(recorded()) == 1


def test_it_refuses_a_get_where_something_would_change(bob: Client, scene: Scene) -> None:
    (one,) = scene.send(1)
    assert bob.get(f"/delivery/{scene.page_key}/resume/").status_code == 405
    assert bob.get(f"/delivery/letter/{one.key}/again/").status_code == 405
    assert bob.post(f"/delivery/campaign/{uuid4()}/pause/").status_code == 404
