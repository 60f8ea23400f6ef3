"""Reads of the campaigns room."""

from uuid import UUID

import msgspec
from django.db.models import QuerySet

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
