"""Reads of the campaigns room."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Max, QuerySet
from wagtail.models import PageLogEntry

from groundswell.campaigns.models import (
    ActionPage,
    Campaign,
    ConsentText,
    Organisation,
    PendingPublish,
)


class PrivacyNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What a privacy page says. `purposes` is empty when our usual words will do."""

    controller: str
    address: str
    email: str
    purposes: str
    retention_months: int
    extra: str


def privacy_notice(*, campaign: Campaign | None = None) -> PrivacyNotice:
    """A campaign's privacy notice, or the site's. What is empty comes from the organisation."""
    site: Organisation = Organisation.load()
    if campaign is None:
        return PrivacyNotice(
            controller=site.name,
            address=site.address,
            email=site.email,
            purposes=site.purposes,
            retention_months=site.retention_months,
            extra=site.privacy_extra,
        )
    return PrivacyNotice(
        controller=campaign.privacy_controller or site.name,
        address=campaign.privacy_address or site.address,
        email=campaign.privacy_email or site.email,
        purposes=campaign.privacy_purposes or site.purposes,
        retention_months=campaign.privacy_retention_months or site.retention_months,
        extra=campaign.privacy_extra or site.privacy_extra,
    )


def consent_versions(*, page_key: UUID, purpose: str, language: str) -> list[str]:
    """All versions of a consent text ever shown in a language, the oldest first."""
    return list(
        ConsentText.objects.filter(
            page_key=page_key, purpose=purpose, language=language
        ).values_list("version", flat=True)
    )


def action_pages(*, page_key: UUID) -> QuerySet[ActionPage]:
    """An action page in all its languages, live or not."""
    pages: QuerySet[ActionPage] = ActionPage.objects.filter(translation_key=page_key)
    return pages


def is_pending(*, page_id: int) -> bool:
    """Whether the public door has yet to be told of a page."""
    return PendingPublish.objects.filter(page_id=page_id).exists()


def campaign_ends(*, page_key: UUID) -> list[tuple[datetime | None, int]]:
    """In each language that an action page's campaign was ever published in: when it ended or will
    (by its own date or by being unpublished, whichever comes first; None while that is open), and
    for how many months after that its privacy page says that data is kept.
    """
    found = []
    for campaign in {page.campaign for page in action_pages(page_key=page_key)}:
        logged = PageLogEntry.objects.filter(page=campaign, action__startswith="wagtail.unpublish")
        gone = logged.aggregate(at=Max("timestamp"))["at"] or campaign.last_published_at
        ends = [at for at in (campaign.closes_at, None if campaign.live else gone) if at]
        if campaign.first_published_at:
            months = privacy_notice(campaign=campaign).retention_months
            found.append((min(ends, default=None), months))
    return found
