"""Mails that were sent stay good: their links work when the page they are about is gone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.base import keyring
from groundswell.campaigns import publish, publish_files, services
from groundswell.campaigns.models import ActionPage, Campaign
from groundswell.campaigns.pack import Site
from groundswell.campaigns.tests.public_pages import make_action, make_campaign, make_home
from groundswell.intake.tests import site_factory
from groundswell.intake.tests.site_factory import Intake

pytestmark = pytest.mark.django_db

CAMPAIGN = "/en/keep-the-reading-room/"
ACTION = f"{CAMPAIGN}sign-for-the-room/"
TOKEN = "A" * 43


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Intake]:
    keyring.init(tmp_path / "keys")
    monkeypatch.setattr(publish_files, "site", lambda: Site(tmp_path / "site"))
    with site_factory.intake(tmp_path) as running:
        yield running


@pytest.fixture
def action(door: Intake) -> ActionPage:
    page = make_action(make_campaign(make_home()))
    publish.publish_page(page)
    site_factory.wait_until(lambda: door.get(ACTION).status == 200, seconds=20)
    return page


def unpublish(page: ActionPage | Campaign) -> None:
    page.unpublish()
    publish.unpublish_page(page)


def wait_until_gone(door: Intake, path: str = ACTION) -> None:
    site_factory.wait_until(lambda: door.get(path).status == 404, seconds=20)


def follow_both_links(door: Intake, path: str = ACTION) -> None:
    for verb, done in (("confirm", "confirmed"), ("withdraw", "withdrawn")):
        before = len(door.stored())
        assert "<form" in door.get(f"{path}{verb}/?t={TOKEN}").text
        answer = door.form({}, f"{path}{verb}/?t={TOKEN}")
        assert (answer.status, answer.headers["location"]) == (303, f"{path}{done}/")
        assert door.get(f"{path}{done}/").status == 200
        stored = door.stored()
        assert len(stored) == before + 1
        assert (stored[-1].verb, stored[-1].fields) == (verb, {"t": TOKEN})


def test_it_still_withdraws_when_the_action_page_is_unpublished(
    door: Intake, action: ActionPage
) -> None:
    unpublish(action)
    wait_until_gone(door)
    assert "Perhaps the first page" in door.get(ACTION).text
    assert door.get(f"{ACTION}thanks/").status == 404
    assert door.form({"email": "late@example.org"}, ACTION).status == 404
    follow_both_links(door)


def test_it_still_withdraws_when_the_campaign_is_unpublished(
    door: Intake, action: ActionPage
) -> None:
    unpublish(action.campaign)
    wait_until_gone(door, CAMPAIGN)
    follow_both_links(door)


def test_it_still_withdraws_when_the_campaign_is_deleted(door: Intake, action: ActionPage) -> None:
    Campaign.objects.get(pk=action.campaign.pk).delete()
    publish.publish_site()
    wait_until_gone(door)
    follow_both_links(door)


def test_it_still_withdraws_when_the_public_files_were_lost_meanwhile(
    door: Intake, action: ActionPage
) -> None:
    unpublish(action)
    wait_until_gone(door)
    (door.folder / "site" / "manifest.json").unlink()
    for spec in (door.folder / "site" / "specs").iterdir():
        spec.unlink()
    (door.folder / "site" / "public" / "afterwards.txt").touch()
    publish.publish_site()
    site_factory.wait_until(lambda: door.get("/afterwards.txt").status == 200, seconds=20)
    follow_both_links(door)


def test_it_leads_nowhere_that_is_gone(door: Intake, action: ActionPage) -> None:
    unpublish(action.campaign)
    wait_until_gone(door, CAMPAIGN)
    for name in ("confirm", "confirmed", "withdraw", "withdrawn"):
        links = re.findall(r'(?:href|src)="(/[^"]*)"', door.get(f"{ACTION}{name}/").text)
        assert links
        # Those that take a source along lead on to the page itself.
        ends = [door.get(link).headers.get("location", link) for link in links]
        assert [link for link in ends if door.get(link).status != 200] == []


def test_it_leads_from_the_old_links_when_the_page_is_back_elsewhere(
    door: Intake, action: ActionPage
) -> None:
    unpublish(action)
    action.slug = "back"
    services.publish_now(page=action)
    publish.publish_page(action)
    back = f"{CAMPAIGN}back/"
    # The door may look in the middle of the publication and see the page before the redirect.
    old = f"{ACTION}withdraw/?t={TOKEN}"
    site_factory.wait_until(lambda: door.get(old).status == 301, seconds=20)
    answer = door.get(old)
    assert (answer.status, answer.headers["location"]) == (301, f"{back}withdraw/?t={TOKEN}")
    follow_both_links(door, back)


def test_it_gives_way_to_a_page_that_takes_the_address(door: Intake, action: ActionPage) -> None:
    campaign = action.campaign
    unpublish(action)
    action.delete()
    wait_until_gone(door)
    other = make_action(campaign)
    assert other.public_path == ACTION
    publish.publish_site()
    site_factory.wait_until(lambda: door.get(ACTION).status == 200, seconds=20)
    follow_both_links(door)
    assert {record.page for record in door.stored()} == {other.page_key.hex}
    publish.publish_site()
    assert "Keep the reading room" in door.get(f"{ACTION}withdraw/").text
