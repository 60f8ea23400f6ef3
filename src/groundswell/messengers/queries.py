"""Reads: the roster, a campaign's messengers, their links. `contact` alone opens contacts."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet, Sum
from django.db.models.functions import Coalesce

from groundswell.base import clock, env, keyring, private_link
from groundswell.messengers.models import (
    Group,
    Involvement,
    InvolvementStep,
    Messenger,
    Post,
    PrivateLink,
    TrackedLink,
)


def roster(
    *, text: str = "", group: int | None = None, language: str = "", archived: bool = False
) -> list[Messenger]:
    """Messengers with their accounts and groups, those with most followers first.

    Every word of `text` must occur in a name, role, handle or group. `reach` is the sum of
    followers.
    """
    query = Messenger.objects.filter(archived_at__isnull=not archived)
    if group is not None:
        query = query.filter(groups=group)
    rows = query.annotate(reach=Coalesce(Sum("profiles__followers"), 0)).order_by("-reach", "name")
    # A dozen to a few hundred people: the words are looked for here, where capitals and accents
    # are the same on every database.
    found = rows.prefetch_related("profiles", "groups")
    return [one for one in found if _speaks(one, language) and _has(one, text)]


def messenger(*, key: UUID) -> Messenger | None:
    """One messenger, archived or not."""
    rows = Messenger.objects.prefetch_related("profiles", "groups")
    return rows.filter(key=key).first()


def groups() -> QuerySet[Group]:
    """All groups by name, with how many messengers each has (`members`)."""
    return Group.objects.annotate(members=Count("messengers")).order_by("name")


def reach(one: Messenger) -> int:
    """How many follow a messenger in all. Nobody knows how many follow on two networks."""
    return sum(profile.followers for profile in one.profiles.all())


def parts(*, campaign_key: UUID) -> list[Involvement]:
    """Everybody who has a part in a campaign, those with most followers first."""
    rows = Involvement.objects.filter(campaign_key=campaign_key).select_related("messenger")
    found = rows.prefetch_related("messenger__profiles", "messenger__groups")
    return sorted(found, key=lambda part: (-reach(part.messenger), part.messenger.name))


def part(*, campaign_key: UUID, key: UUID) -> Involvement | None:
    """A messenger's part in a campaign, with its steps; None when they have none."""
    rows = Involvement.objects.filter(campaign_key=campaign_key, messenger__key=key)
    steps = Prefetch("steps", queryset=InvolvementStep.objects.order_by("-id"))
    return rows.select_related("messenger").prefetch_related("messenger__profiles", steps).first()


def parts_of(*, one: Messenger) -> QuerySet[Involvement]:
    """A messenger's parts in all campaigns, the latest first."""
    return Involvement.objects.filter(messenger=one).order_by("-id")


def status_counts() -> dict[UUID, dict[str, int]]:
    """How many messengers of each campaign have which status. One query."""
    rows = Involvement.objects.values_list("campaign_key", "status").annotate(Count("id"))
    found: dict[UUID, dict[str, int]] = {}
    for campaign_key, status, number in rows.order_by():
        found.setdefault(campaign_key, {})[status] = number
    return found


def links(*, campaign_key: UUID, messenger: Messenger | None = None) -> QuerySet[TrackedLink]:
    """A campaign's tracked links, retired ones too; of one messenger where given."""
    rows = TrackedLink.objects.filter(campaign_key=campaign_key).select_related("messenger")
    if messenger is not None:
        rows = rows.filter(messenger=messenger)
    return rows.order_by("messenger__name", "network", "language", "pk")


def link(*, code: str) -> TrackedLink | None:
    """The link of a code, retired or not."""
    return TrackedLink.objects.select_related("messenger").filter(code=code).first()


def link_counts() -> dict[UUID, int]:
    """How many working links each campaign has. One query."""
    rows = TrackedLink.objects.filter(retired_at=None).values_list("campaign_key")
    return dict(rows.annotate(Count("id")).order_by())


def private_links(
    *, campaign_key: UUID, messengers: Collection[Messenger]
) -> dict[int, PrivateLink]:
    """The newest private link of each of these messengers for a campaign, whatever its state."""
    rows = PrivateLink.objects.filter(campaign_key=campaign_key, messenger__in=messengers)
    return {row.messenger_id: row for row in rows.order_by("id")}


def works(row: PrivateLink | None) -> bool:
    """Whether a private link opens its page at this moment."""
    return row is not None and row.revoked_at is None and row.expires_at > clock.now()


def private_address(row: PrivateLink) -> str:
    """The address to send to the messenger. Whoever has it is let in, so it is written nowhere."""
    settings = env.load()
    secret = keyring.secret(settings.path("keys"), "session")
    token = private_link.token(row.key, secret, private_link.MESSENGER)
    return f"{settings.studio_url.rstrip('/')}/m/{token}"


def posts(*, campaign_key: UUID, messenger: Messenger | None = None) -> QuerySet[Post]:
    """What was posted for a campaign, the latest first."""
    rows = Post.objects.filter(campaign_key=campaign_key).select_related("messenger", "link")
    if messenger is not None:
        rows = rows.filter(messenger=messenger)
    return rows.order_by("-at", "-id")


def _speaks(one: Messenger, language: str) -> bool:
    return not language or language in one.languages


def _has(one: Messenger, text: str) -> bool:
    return all(word in " ".join(_words(one)) for word in text.casefold().split())


def _words(one: Messenger) -> Iterable[str]:
    yield one.name.casefold()
    yield one.role.casefold()
    for profile in one.profiles.all():
        yield profile.handle.casefold()
    for group in one.groups.all():
        yield group.name.casefold()
