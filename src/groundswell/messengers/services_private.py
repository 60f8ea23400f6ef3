"""What happens on a messenger's private page: it is opened, and they say that they have posted."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from groundswell.base import clock
from groundswell.messengers import services
from groundswell.messengers.models import Messenger, Post, PrivateLink, TrackedLink

# Looking again so soon is the same visit: what was new at its beginning still is.
SAME_VISIT: Final = timedelta(minutes=30)
SAME_POST: Final = timedelta(hours=1)


@transaction.atomic
def opened(*, link: PrivateLink) -> datetime | None:
    """Note that a page was opened; returns since when things are new to them, None at first."""
    now = clock.now()
    row = PrivateLink.objects.select_for_update().get(pk=link.pk)
    last = row.last_opened_at
    if last is None or now - last > SAME_VISIT:
        row.news_since = last
        row.openings = F("openings") + 1
    row.last_opened_at = now
    row.save(update_fields=["news_since", "openings", "last_opened_at"])
    return row.news_since


def says_posted(
    *, link: PrivateLink, network: str, url: str = "", language: str = ""
) -> tuple[Post, bool]:
    """Note a post that a messenger's side tells us of; the post, and whether it is news.

    Telling it twice is one post; an address that comes later goes to the post without one. Raises
    ValidationError.
    """
    now = clock.now()
    rows = Post.objects.filter(
        messenger=link.messenger, campaign_key=link.campaign_key, network=network
    )
    known = rows.filter(url=url).first() if url else None
    recent = rows.filter(at__gt=now - SAME_POST).order_by("-at").first()
    if known is None and recent is not None and (not url or not recent.url):
        known = recent
    if known is not None:
        return _with_address(known, url), False
    made = services.add_post(
        messenger=link.messenger, campaign_key=link.campaign_key, network=network, at=now,
        by=told_by(link.messenger), language=language, url=url, link=_carried(link, network),
    )  # fmt: skip
    return made, True


def told_by(messenger: Messenger) -> str:
    """Who did it, in the records that organisers read: not one of them."""
    return f"{messenger.name} (private page)"[:150]


def _with_address(post: Post, url: str) -> Post:
    if url and not post.url:
        post.url = url
        post.full_clean(exclude=["messenger", "link"])
        post.save(update_fields=["url"])
    return post


def _carried(link: PrivateLink, network: str) -> TrackedLink | None:
    """The link that such a post most likely carries."""
    rows = TrackedLink.objects.filter(
        messenger=link.messenger, campaign_key=link.campaign_key, retired_at=None
    )
    found = [one for one in rows if one.network in ("", network)]
    return max(found, key=lambda one: bool(one.network), default=None)
