"""From Home to the public link, each step shows the next."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groundswell.base import env
from groundswell.campaigns import services
from groundswell.campaigns.models import ActionPage, Campaign, SiteHome
from groundswell.studio.tests import forms

Commits = Callable[..., Any]


def _edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _published(page: Any) -> str:
    return reverse("published", args=[page.pk])


def _see(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_offers_a_new_campaign_to_who_may_make_one(
    bob: Client, mona: Client, home: SiteHome
) -> None:
    start = reverse("wagtailadmin_pages:add", args=["campaigns", "campaign", home.pk])
    for address in (reverse("wagtailadmin_home"), reverse("campaigns")):
        assert start in _see(bob, address)
        assert start not in _see(mona, address)


def test_it_shows_publish_beside_save(bob: Client, mona: Client, action: ActionPage) -> None:
    page = _see(bob, _edit(action))
    assert page.index('class="gw-save"') < page.index('name="action-publish"')
    assert page.count('name="action-publish"') == 1
    page = _see(mona, _edit(action))
    assert page.index('class="gw-save"') < page.index('name="action-submit"')
    assert "action-publish" not in page


def test_it_leads_on_to_the_one_step_that_is_left(
    bob: Client, campaign: Campaign, action: ActionPage, django_capture_on_commit_callbacks: Commits
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = bob.post(_edit(action), forms.action() | {"action-publish": "yes"})
        assert answer.headers["Location"] == _published(action)
        step = reverse("publish_campaign", args=[action.pk])
        page = _see(bob, _published(action))
        assert step in page
        assert action.public_url not in page
        assert bob.post(step).headers["Location"] == _published(action)
    campaign.refresh_from_db()
    assert campaign.live
    page = _see(bob, _published(action))
    assert f'value="{action.public_url}"' in page
    assert step not in page


def test_it_publishes_what_the_campaigns_newest_draft_says(
    bob: Client, campaign: Campaign, action: ActionPage
) -> None:
    services.publish_now(page=action)
    campaign.title = "Cleaner air"
    campaign.save_revision()
    bob.post(reverse("publish_campaign", args=[action.pk]))
    campaign.refresh_from_db()
    assert campaign.title == "Cleaner air"


def test_it_lets_nobody_publish_who_may_not(mona: Client, action: ActionPage) -> None:
    services.publish_now(page=action)
    assert mona.post(reverse("publish_campaign", args=[action.pk])).status_code in {302, 403}
    assert not Campaign.objects.get().live


def test_it_stays_in_the_editor_from_the_second_publishing_on(
    bob: Client, live_action: ActionPage
) -> None:
    answer = bob.post(_edit(live_action), forms.action() | {"action-publish": "yes"})
    assert answer.headers["Location"] != _published(live_action)


def test_it_says_so_when_the_public_page_could_not_be_written(
    bob: Client, live_action: ActionPage, django_capture_on_commit_callbacks: Commits
) -> None:
    folder = env.load().path("site")
    aside = folder.rename(folder.with_name("aside")) if folder.exists() else None
    folder.write_text("a file where a folder should be")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            changed = forms.action(title="Sign here") | {"action-publish": "yes"}
            answer = bob.post(_edit(live_action), changed)
        said = [str(m) for m in bob.get(answer.headers["Location"]).context["messages"]]
    finally:
        folder.unlink()
        if aside:
            aside.rename(folder)
    live_action.refresh_from_db()
    assert live_action.title == "Sign here"
    assert any("could not be renewed yet" in one for one in said)


def test_it_lists_each_page_once_with_its_languages(bob: Client, live_action: ActionPage) -> None:
    campaign = live_action.campaign
    campaign.closes_at = timezone.now() + timedelta(days=3)
    services.publish_now(page=campaign)
    page = _see(bob, reverse("campaigns"))
    assert "Edit English" in page
    assert "The form closes" in page
    assert page.count(_edit(live_action)) == 1
    assert reverse("wagtailadmin_pages:history", args=[live_action.pk]) in page


def test_it_shows_what_waits_for_approval(alice: Client, bob: Client, action: ActionPage) -> None:
    bob.post(_edit(action), forms.action() | {"action-submit": "yes"})
    assert "waits for approval" in _see(bob, reverse("campaigns"))
    assert "Waiting for your approval" in _see(alice, reverse("wagtailadmin_home"))
    assert "Your pages that wait for approval" in _see(bob, reverse("wagtailadmin_home"))


def test_it_says_what_taking_a_page_down_means(bob: Client, live_action: ActionPage) -> None:
    page = _see(bob, reverse("wagtailadmin_pages:unpublish", args=[live_action.pk]))
    assert "Links that people have shared" in page
    assert "can still confirm or withdraw" in page
