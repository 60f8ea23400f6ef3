"""Two invented musicians with a private page each, and texts that may not meet."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.images import ImageFile
from PIL import Image as Drawing
from wagtail.images.models import Image
from wagtail.models import Collection

from groundswell.base import clock
from groundswell.campaigns import moments
from groundswell.campaigns.moments import Change
from groundswell.messengers import queries, services, services_links, services_statements
from groundswell.messengers.models import Messenger, PrivateLink, Statement, TrackedLink
from groundswell.messengers.services import Person
from groundswell.messengers.services_statements import Content, Times
from groundswell.studio.home.tests import desk

WORDS = "Our river is not a drain. Read why, and sign: {link}"


@dataclass
class Scene:
    """A campaign, its page, and whom the tests send there."""

    campaign: Any
    page_key: UUID
    nira: Messenger
    teo: Messenger

    @property
    def key(self) -> UUID:
        return UUID(str(self.campaign.translation_key))

    def private(self, one: Messenger, *, campaign: UUID | None = None) -> PrivateLink:
        """A private link that works."""
        return services_links.make_private_link(
            messenger=one, campaign_key=campaign or self.key,
            expires_at=clock.now() + timedelta(days=30), by="bob",
        )  # fmt: skip

    def link(self, one: Messenger, network: str = "x", language: str = "en") -> TrackedLink:
        """Their tracked link on that network."""
        made = services_links.make_links(
            campaign_key=self.key, page_key=self.page_key, messengers=[one],
            networks=[network], languages=[language], by="bob",
        )  # fmt: skip
        return [*made.fresh, *made.known][0]

    def text(
        self, one: Messenger | None, words: str = WORDS, *, ours: bool = True, **more: Any
    ) -> Statement:
        """A text for them, or for all; with our yes."""
        link = self.link(one) if one else None
        made = services_statements.create(
            campaign_key=self.key, network=more.pop("network", "x"),
            language=more.pop("language", "en"),
            content=Content(
                words if link else words.replace("{link}", ""),
                link_id=link.pk if link else None, pictures=more.pop("pictures", ()),
            ),
            by="bob", messenger_id=one.pk if one else None, times=Times(**more),
        )  # fmt: skip
        if ours:
            services_statements.approve(key=made.key, version=1, by="bob")
        return made


def address(link: PrivateLink, rest: str = "") -> str:
    """Where a private link leads, below the studio."""
    path = queries.private_address(link).split("/m/")[1]
    return f"/m/{path}{rest}"


def make() -> Scene:
    """A furnished studio with one campaign and two messengers."""
    desk.furnish()
    campaign = desk.make_campaign("Save the Lantern River")
    page = desk.make_page(campaign, title="Sign for the river")
    nira = services.add_messenger(
        person=Person(name="Nira Solenne", languages=("en",), time_zone="Asia/Yerevan"), by="bob"
    )
    teo = services.add_messenger(
        person=Person(name="Teo Marquand", languages=("ar", "en"), time_zone="Africa/Cairo"),
        by="bob",
    )
    found = Scene(campaign, page.page_key, nira, teo)
    services.involve(messengers=[nira, teo], campaign_key=found.key, by="bob")
    return found


def picture() -> Image:
    """A small drawing of nothing."""
    if not Collection.get_first_root_node():  # which a test with real transactions takes away
        Collection.add_root(name="Root")
    out = BytesIO()
    Drawing.new("RGB", (320, 200), "#0b5a61").save(out, "PNG")
    out.seek(0)
    made: Image = Image.objects.create(title="River", file=ImageFile(out, name="river.png"))
    return made


def visits(link: TrackedLink, page_key: UUID, number: int, *, collected: int = 0) -> None:
    """Openings of a link, as core adds them up."""
    now = moments.minute(clock.now())
    moments.add([Change(page_key, link.code, now, "en", "AM", visits=number, collected=collected)])
