"""Writes: tracked links, their names, and the private links of messengers.

Whatever changes a tracked link tells the public door at once; core makes up for it if that fails.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import product
from typing import Final
from uuid import UUID, uuid4

import msgspec
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from groundswell.base import clock
from groundswell.messengers import links
from groundswell.messengers.models import Messenger, PrivateLink, TrackedLink

# No vowels, so that no code is a word, and no signs that are taken for each other.
SIGNS: Final = "23456789bcdfghjkmnpqrstvwxz"
FEWEST_SIGNS: Final = 4
MOST_AT_ONCE: Final = 500
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{1,31}")


class Made(msgspec.Struct, frozen=True):
    """What became of a wish for links: those that are new, and those that were there already."""

    fresh: list[TrackedLink]
    known: list[TrackedLink]


def make_links(
    *,
    campaign_key: UUID,
    page_key: UUID,
    messengers: Sequence[Messenger | None],
    networks: Sequence[str],
    languages: Sequence[str],
    by: str,
) -> Made:
    """A link for each messenger, network and language; those that exist already stay as they are.

    None among `messengers` is the campaign itself; an empty language is the visitor's own. Raises
    ValidationError for more than `MOST_AT_ONCE`.
    """
    wishes = list(product(messengers, networks or [""], languages or [""]))
    if len(wishes) > MOST_AT_ONCE:
        raise ValidationError(
            _("That would be %(n)s links. Make at most %(most)s at once.")
            % {"n": len(wishes), "most": MOST_AT_ONCE}
        )
    fresh: list[TrackedLink] = []
    known: list[TrackedLink] = []
    with transaction.atomic():
        for messenger, network, language in wishes:
            link = TrackedLink(
                messenger=messenger,
                campaign_key=campaign_key,
                page_key=page_key,
                network=network,
                language=language,
                made_at=clock.now(),
                made_by=by,
            )
            old = _same(link)
            (known if old else fresh).append(old or _save_new(link))
        tell_the_door()
    return Made(fresh, known)


def name_link(*, link: TrackedLink, name: str) -> None:
    """Give a link a name for people, or take it away with an empty one. Raises ValidationError."""
    name = name.strip().lower()
    if name and not _NAME.fullmatch(name):
        raise ValidationError(
            {"alias": _("Use 2 to 32 letters from a to z, digits, - or _, like ada-river.")}
        )
    if name and _is_taken(name, but=link):
        raise ValidationError({"alias": _("Another link has this name. Choose another.")})
    try:
        with transaction.atomic():
            TrackedLink.objects.filter(pk=link.pk).update(alias=name or None)
            tell_the_door()
    except IntegrityError as error:
        raise ValidationError(
            {"alias": _("Another link has this name. Choose another.")}
        ) from error
    link.alias = name or None


@transaction.atomic
def retire(*, link: TrackedLink) -> None:
    """Let a link lead nowhere from now on. Its numbers stay."""
    TrackedLink.objects.filter(pk=link.pk, retired_at=None).update(retired_at=clock.now())
    tell_the_door()


def bring_back(*, link: TrackedLink) -> None:
    """Let a retired link work again. Raises ValidationError when another took its place."""
    try:
        with transaction.atomic():
            TrackedLink.objects.filter(pk=link.pk).update(retired_at=None)
            tell_the_door()
    except IntegrityError as error:
        raise ValidationError(
            _("There is a newer link for the same messenger, network and language. Use that one.")
        ) from error


@transaction.atomic
def make_private_link(
    *, messenger: Messenger, campaign_key: UUID, expires_at: datetime, by: str
) -> PrivateLink:
    """A messenger's private link for one campaign. The one before it stops working: there is never
    more than one to lose. Raises ValidationError for a day that is past.
    """
    if expires_at <= clock.now():
        raise ValidationError({"expires_at": _("Choose a day that is still to come.")})
    for old in working_private_links(messenger=messenger, campaign_key=campaign_key):
        revoke_private_link(link=old, by=by)
    return PrivateLink.objects.create(
        key=uuid4(),
        messenger=messenger,
        campaign_key=campaign_key,
        expires_at=expires_at,
        made_at=clock.now(),
        made_by=by,
    )


def revoke_private_link(*, link: PrivateLink, by: str) -> None:
    """Close a private link at once and for good."""
    PrivateLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=clock.now(), revoked_by=by
    )


def working_private_links(*, messenger: Messenger, campaign_key: UUID) -> Iterable[PrivateLink]:
    """The private links that lead a messenger to their page for a campaign now, locked."""
    return PrivateLink.objects.select_for_update().filter(
        messenger=messenger,
        campaign_key=campaign_key,
        revoked_at=None,
        expires_at__gt=clock.now(),
    )


def tell_the_door() -> None:
    """Publish the links once this transaction is committed. What fails is left to core."""
    transaction.on_commit(_publish, robust=True)


def _publish() -> None:
    # Django logs what went wrong by the name of what it called, which a partial has not.
    links.publish()


def _same(link: TrackedLink) -> TrackedLink | None:
    return TrackedLink.objects.filter(
        messenger=link.messenger,
        page_key=link.page_key,
        network=link.network,
        language=link.language,
        retired_at=None,
    ).first()


def _save_new(link: TrackedLink) -> TrackedLink:
    """Save under a free code. Another organiser may be making the same link at this moment."""
    for length in (FEWEST_SIGNS, FEWEST_SIGNS, FEWEST_SIGNS + 1, FEWEST_SIGNS + 2):
        link.code = "".join(secrets.choice(SIGNS) for _sign in range(length))
        if _is_taken(link.code):
            continue
        try:
            with transaction.atomic():
                link.save(force_insert=True)
        except IntegrityError:
            old = _same(link)
            if old:
                return old
        else:
            return link
    raise RuntimeError("no free code was found in four tries")


def _is_taken(name: str, *, but: TrackedLink | None = None) -> bool:
    others = TrackedLink.objects.filter(alias=name)
    if but is not None:
        others = others.exclude(pk=but.pk)
    return others.exists() or TrackedLink.objects.filter(code=name).exists()
