"""When a page is public and when its form takes signatures, in one sentence."""

from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from django.utils import timezone
from django.utils.translation import gettext as _

from groundswell.campaigns.models import Campaign
from groundswell.studio.home import names
from groundswell.studio.home.cards import State


def words(*, state: State, page: Any, campaign: Campaign, now: datetime) -> str:
    """What an organiser should know of a page's dates; times are the organisers' own."""
    if state == State.DRAFT:
        return _("Nobody sees it yet.")
    if state == State.WITHDRAWN:
        return _("Not on the public site. What was collected is kept.")
    if state == State.CLOSED:
        closed = _when(campaign.closes_at) if campaign.closes_at else ""
        return _("Closed %(time)s. The page stays, the form is gone.") % {"time": closed}
    return " ".join([*_coming(state, page, campaign, now), *_ending(page, campaign)])


def _coming(state: State, page: Any, campaign: Campaign, now: datetime) -> list[str]:
    if state == State.OPEN:
        return []
    starts = next(
        (one.go_live_at for one in (page, campaign) if _future(one.go_live_at, now)), None
    )
    if not page.live and starts:
        return [_("Goes public %(time)s.") % {"time": _when(starts)}]
    if campaign.opens_at and _future(campaign.opens_at, now):
        return [_("The form opens %(time)s.") % {"time": _when(campaign.opens_at)}]
    return [_("Goes public by its schedule.")]


def _ending(page: Any, campaign: Campaign) -> list[str]:
    said = []
    if campaign.closes_at:
        said.append(_("The form closes %(time)s.") % {"time": _when(campaign.closes_at)})
    expires = [moment for moment in (page.expire_at, campaign.expire_at) if moment]
    if expires:
        said.append(_("Taken down %(time)s.") % {"time": _when(min(expires))})
    return said


def _future(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def _when(moment: datetime) -> str:
    here = timezone.localtime(moment, timezone.get_default_timezone())
    return str(format_datetime(here, "d MMMM y, HH:mm", locale=names.locale()))
