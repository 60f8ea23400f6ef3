import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from groundswell.base import clock, env
from groundswell.campaigns import services
from groundswell.campaigns.models import ActionPage, Campaign, PendingPublish
from groundswell.studio.tests import forms


def test_it_publishes_on_schedule(
    campaign: Campaign, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    campaign.go_live_at = clock.now() + timedelta(seconds=1)
    campaign.save_revision().publish()
    campaign.refresh_from_db()
    assert not campaign.live
    time.sleep(1.1)
    with django_capture_on_commit_callbacks(execute=True):
        services.publish_scheduled()
    campaign.refresh_from_db()
    assert campaign.live
    assert env.load().path("site", "public", "en", "clean-air", "index.html").exists()


def test_it_compares_two_revisions(alice: Client, campaign: Campaign) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[campaign.pk])
    alice.post(edit, forms.campaign(summary="Close school streets to cars and lorries."))
    alice.post(edit, forms.campaign(summary="Close school streets to everything on wheels."))
    compare = reverse(
        "wagtailadmin_pages:revisions_compare", args=[campaign.pk, "earliest", "latest"]
    )
    shown = alice.get(compare)
    assert shown.status_code == 200
    assert "on wheels" in shown.content.decode()


def test_it_goes_on_when_the_public_folder_cannot_be_written(
    alice: Client,
    live_action: ActionPage,
    campaign: Campaign,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    site = env.load().path("site")
    site.parent.mkdir(exist_ok=True)
    site.write_text("a file where the folder should be")
    edit = reverse("wagtailadmin_pages:edit", args=[campaign.pk])
    try:
        with django_capture_on_commit_callbacks(execute=True):
            answer = alice.post(
                edit, forms.campaign(summary="New words.") | {"action-publish": "yes"}
            )
        assert answer.status_code == 302
        campaign.refresh_from_db()
        assert campaign.summary == "New words."
        assert PendingPublish.objects.filter(page_id=campaign.pk, tries__gt=0).exists()
        shown = alice.get(reverse("wagtailadmin_explore", args=[campaign.pk]))
        assert shown.status_code == 200
    finally:
        site.unlink()
    assert services.publish_pending() == 0
    page = env.load().path("site", "public", "en", "clean-air", "index.html")
    assert "New words." in page.read_text()
