"""When a page changes in the studio, its public files change too."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from groundswell.campaigns import letter_texts, services
from groundswell.campaigns.models import (
    ActionPage,
    Campaign,
    OpenLetterPage,
    Organisation,
    SiteHome,
)
from groundswell.campaigns.models_base import PublicPage


def connect() -> None:
    """Listen. Called once, when Django has loaded the models."""
    page_published.connect(_published)
    page_unpublished.connect(_unpublished)
    page_slug_changed.connect(_moved)
    post_page_move.connect(_moved)
    post_save.connect(_site_changed, sender=Organisation)
    for model in (SiteHome, Campaign, ActionPage):
        post_delete.connect(_site_changed, sender=model)


def _published(*, instance: Page, **_: Any) -> None:
    if not isinstance(instance, PublicPage):
        return
    if isinstance(instance, ActionPage):
        services.record_consent_texts(page=instance)
    if isinstance(instance, OpenLetterPage):
        letter_texts.record(page=instance)
    services.publish_soon(page_id=instance.pk)


def _unpublished(*, instance: Page, **_: Any) -> None:
    services.publish_soon(page_id=instance.pk)


def _moved(**_: Any) -> None:
    # Every page below has a new address now, and the old files have to go.
    services.publish_soon(page_id=None)


def _site_changed(**_: Any) -> None:
    services.publish_soon(page_id=None)
