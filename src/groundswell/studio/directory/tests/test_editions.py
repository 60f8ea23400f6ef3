"""Editions are shown with what they changed; only administrators take one back."""

from datetime import timedelta

import pytest
from django.test import Client

from groundswell.base import clock
from groundswell.directory import queries
from groundswell.directory.models import ImportRow
from groundswell.people import audit
from groundswell.people.models import AuditEntry
from groundswell.studio import roles
from groundswell.studio.directory.tests import scene
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Client:
    desk.furnish()
    return desk.client_of(roles.ADMINISTRATORS, name="alice")


def test_it_shows_what_each_edition_changed(alice: Client) -> None:
    first = scene.load(as_of=clock.now().date() - timedelta(days=9))
    second = scene.load(people=2)
    html = alice.get("/directory/editions/").content.decode()
    for words in ("The chamber&#x27;s own list", "CC0", "chamber.csv", "In use"):
        assert words in html
    assert f"/directory/editions/{second.pk}/undo/" in html
    assert f"/directory/editions/{first.pk}/undo/" not in html


def test_it_takes_the_newest_back(alice: Client) -> None:
    first = scene.load(as_of=clock.now().date() - timedelta(days=9))
    second = scene.load(people=2)
    assert not queries.search("bohm").total
    assert "come back" in alice.get(f"/directory/editions/{second.pk}/undo/").content.decode()
    refused = alice.post(f"/directory/editions/{first.pk}/undo/")
    assert refused.status_code == 409
    assert alice.post(f"/directory/editions/{second.pk}/undo/").status_code == 302
    assert queries.search("bohm").total == 1
    assert "Taken back" in alice.get("/directory/editions/").content.decode()
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.object) == (audit.UNDO, "test-chamber")


def test_it_hands_out_the_rows_that_were_left_out(alice: Client) -> None:
    edition = scene.load()
    address = f"/directory/editions/{edition.pk}/left-out.csv"
    assert alice.get(address).status_code == 404
    ImportRow.objects.create(
        edition=edition, number=7, field="email", problem="this is no e-mail address",
        remedy="=like name@example.org",
    )  # fmt: skip
    assert address in alice.get("/directory/editions/").content.decode()
    text = b"".join(alice.get(address).streaming_content).decode()  # type: ignore[attr-defined]
    assert '"7","email","this is no e-mail address","\'=like name@example.org"' in text


def test_it_lets_no_campaigner_take_back() -> None:
    desk.furnish()
    edition = scene.load()
    bob = desk.client_of(roles.CAMPAIGNERS, name="bob")
    address = f"/directory/editions/{edition.pk}/undo/"
    assert address not in bob.get("/directory/editions/").content.decode()
    assert bob.post(address).status_code == 403
    assert queries.search("bohm").total == 1
