"""How many were to come after a post: followers, times the share that clicks, on the rehearsal's
curve. A forecast of an hour, not of a day's politics: it errs towards the harder hour.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from groundswell.base.errors import Trouble
from groundswell.messengers.models import Involvement, Messenger, Post, Profile
from groundswell.rehearsal import scenario
from groundswell.rehearsal.audience import Audience, made_of
from groundswell.rehearsal.curve import Curve
from groundswell.rehearsal.scenario import Scenario

_DAY: Final = timedelta(days=1)
_SEVERAL: Final = " and "


class Start(NamedTuple):
    """A post that was made, or was to be made, and the visitors it should bring in a day."""

    at: datetime
    messenger: str
    network: str
    audience: Audience | None
    made: bool


def starts(campaign_key: UUID, *, since: datetime, until: datetime) -> list[Start]:
    """The posts of that time: those recorded; those only planned where none was. In order."""
    posts = list(
        Post.objects.filter(campaign_key=campaign_key, at__gte=since - _DAY, at__lt=until)
        .select_related("messenger")
        .order_by("at", "pk")
    )
    posted = {post.messenger_id for post in posts}
    planned = list(
        Involvement.objects.filter(
            campaign_key=campaign_key, scheduled_at__gte=since - _DAY, scheduled_at__lt=until
        )
        .exclude(messenger_id__in=posted)
        .exclude(status="declined")
        .select_related("messenger")
    )
    audiences = _audiences({*posted, *(one.messenger_id for one in planned)})
    found = [
        Start(
            post.at,
            post.messenger.name,
            post.network,
            audiences.get((post.messenger_id, post.network)),
            made=True,
        )
        for post in posts
    ]
    for one in planned:
        assert one.scheduled_at is not None  # noqa: S101  the filter above
        mine = [audience for (owner, _), audience in audiences.items() if owner == one.messenger_id]
        found += [
            Start(one.scheduled_at, one.messenger.name, audience.network, audience, made=False)
            for audience in mine
        ]
    return sorted(found, key=lambda start: start.at)


def visits(starts: Iterable[Start], minutes: Iterable[datetime]) -> list[float]:
    """How many visits each of these minutes was to bring."""
    curves = [(start.at, curve(start.audience)) for start in starts if start.audience]
    found = []
    for minute in minutes:
        expected = 0.0
        for at, one in curves:
            after = (minute - at).total_seconds()
            expected += one.until(after + 60) - one.until(after)
        found.append(expected)
    return found


def curve(audience: Audience) -> Curve:
    """How those who follow one post arrive."""
    usual = scenario.find(scenario.DEFAULT)
    return Curve(
        visitors=max(audience.visitors, 1e-9),
        rise=usual.minutes_to_peak.value * 60,
        half=usual.minutes_to_half.value * 60,
        length=usual.hours.value * 3600,
        tail=usual.tail,
    )


def surge(*names: str) -> Scenario:
    """The scenario of these messengers, all posting at once on all their networks.

    A name is the roster's, or a part of it that fits only one. Raises Trouble that says what is
    missing in the roster.
    """
    found = [_named(name) for name in names]
    profiles = Profile.objects.filter(messenger__in=found).select_related("messenger")
    audiences = [_audience(one) for one in profiles.order_by("-followers", "pk")]
    title = _SEVERAL.join(one.name for one in found)
    if not audiences:
        raise Trouble(f"{title}: the roster has no profile with followers; add one under People")
    languages = [code for one in found for code in one.languages]
    return made_of(audiences, title=title, languages=languages)


def _named(name: str) -> Messenger:
    everyone = Messenger.objects.filter(archived_at=None)
    exact = list(everyone.filter(name__iexact=name.strip()))
    fits = exact or list(everyone.filter(name__icontains=name.strip()))
    if len(fits) == 1:
        return fits[0]
    some = ", ".join(one.name for one in (fits or everyone)[:10]) or "-"
    if fits:
        raise Trouble(f"several messengers fit “{name}”: {some}. Give the whole name")
    raise Trouble(f"there is no messenger “{name}” in the roster; there are: {some}")


def _audiences(owners: Collection[int]) -> dict[tuple[int, str], Audience]:
    """By messenger and network: of several accounts on one, the largest."""
    found: dict[tuple[int, str], Audience] = {}
    profiles = Profile.objects.filter(messenger_id__in=owners, followers__gt=0)
    for profile in profiles.select_related("messenger").order_by("followers"):
        found[profile.messenger_id, profile.network] = _audience(profile)
    return found


def _audience(profile: Profile) -> Audience:
    return Audience(
        network=profile.network,
        followers=profile.followers,
        click_share=profile.click_share,
        name=profile.messenger.name,
    )
