"""An invented messenger's texts, for tests."""

from typing import Any
from uuid import UUID

from groundswell.base import clock
from groundswell.messengers import services, services_claims, services_statements
from groundswell.messengers.models import Messenger, Source, Statement, TrackedLink
from groundswell.messengers.services_claims import Reference
from groundswell.messengers.services_statements import NO_TIMES, Content, Times
from groundswell.messengers.tests import people

CAMPAIGN, PAGE, BY = people.CAMPAIGN, people.PAGE, people.BY
PLAIN = "Our river needs you. Please sign {link}"


def mira() -> Messenger:
    """A singer who has a part in the campaign."""
    one = people.messenger()
    services.involve(messengers=[one], campaign_key=CAMPAIGN, by=BY)
    return one


def link(owner: Messenger | None, code: str = "x7p2", network: str = "x") -> TrackedLink:
    """A tracked link of theirs, without telling the door."""
    return TrackedLink.objects.create(
        code=code, messenger=owner, campaign_key=CAMPAIGN, page_key=PAGE, network=network,
        language="", made_at=clock.now(), made_by=BY,
    )  # fmt: skip


def text(
    words: str = PLAIN,
    *,
    owner: Messenger | None = None,
    carrying: TrackedLink | None = None,
    network: str = "x",
    times: Times = NO_TIMES,
    campaign: UUID = CAMPAIGN,
    **content: Any,
) -> Statement:
    """A text with its first version."""
    return services_statements.create(
        campaign_key=campaign, network=network, language="en", by=BY, times=times,
        messenger_id=owner.pk if owner else None,
        content=Content(text=words, link_id=carrying.pk if carrying else None, **content),
    )  # fmt: skip


def save(one: Statement, words: str, *, edit: int, by: str = BY, **content: Any) -> Statement:
    """Save other words, as read at `edit`."""
    return services_statements.save(
        key=one.key, edit=edit, times=Times(one.suggested_at, one.embargo_until), by=by,
        content=Content(text=words, link_id=one.link_id, **content),
    )  # fmt: skip


def source(title: str = "Fish count", campaign: UUID = CAMPAIGN) -> Source:
    """A source of the campaign."""
    return services_claims.add_source(
        campaign_key=campaign, reference=Reference(title=title), by=BY
    )
