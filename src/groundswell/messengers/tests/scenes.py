"""Messengers with links and what happened on them, for the tests of what came of it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from groundswell.base import clock
from groundswell.campaigns import moments
from groundswell.campaigns.moments import Change
from groundswell.messengers.models import Messenger, Profile, TrackedLink


def messenger(name: str = "Mira Sol", **profiles: int) -> Messenger:
    """An invented singer. `profiles` are followers by network."""
    made = Messenger.objects.create(
        key=uuid4(), name=name, languages=["en", "vi"], made_at=clock.now(), made_by="organiser"
    )
    for network, followers in profiles.items():
        Profile.objects.create(
            messenger=made, network=network, handle=f"@{made.pk}", followers=followers
        )
    return made


def link(
    code: str,
    owner: Messenger | None,
    campaign_key: UUID,
    page_key: UUID,
    *,
    network: str = "instagram",
    language: str = "",
) -> TrackedLink:
    """A tracked link with that code."""
    return TrackedLink.objects.create(
        code=code,
        messenger=owner,
        campaign_key=campaign_key,
        page_key=page_key,
        network=network,
        language=language,
        made_at=clock.now(),
        made_by="organiser",
    )


def change(
    page_key: UUID,
    source: str,
    minute: datetime,
    language: str = "en",
    country: str = "",
    **many: int,
) -> Change:
    """So much in one minute; `many` are visits, previews, collected, confirmed."""
    return Change(page_key, source, moments.minute(minute), language, country, **many)


def happened(changes: Iterable[Change]) -> None:
    """Store what happened, as the drain does."""
    with transaction.atomic():
        moments.add(changes)
