"""A campaign with letters in every state, for the delivery desk's tests."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from groundswell.campaigns.models import Campaign
from groundswell.delivery import services, states
from groundswell.delivery.models import Parcel, State
from groundswell.delivery.services import NewParcel
from groundswell.delivery.states import Step
from groundswell.studio.home.tests import desk

SENATOR = "us/C000127"
OFFICE = "us/office/secretary-of-state"
NAMES = {
    SENATOR: ("Maria Cantwell", "United States Senate"),
    OFFICE: ("Secretary of State", "Department of State"),
}


@dataclass
class Scene:
    """One campaign, its page of letters, and what was sent there."""

    campaign: Campaign
    page_key: UUID

    def send(
        self, number: int = 1, *, target: str = SENATOR, channel: str = "email"
    ) -> list[Parcel]:
        """New letters, waiting in line."""
        name, organization = NAMES[target]
        new = [
            NewParcel(
                submission_id=uuid4(), campaign_key=self.campaign.translation_key,
                page_key=self.page_key, target=target, target_name=name,
                organization=organization, channel=channel, language="en",
                address="letters@senate.example",
            )
            for _ in range(number)
        ]  # fmt: skip
        services.make(new)
        keys = [services.parcel_key(one.submission_id, target) for one in new]
        return list(Parcel.objects.filter(key__in=keys))


def make(title: str = "Write to the Senate", kind: str = "letter") -> Scene:
    """A furnished studio with one page of letters or calls."""
    desk.furnish()
    campaign = desk.make_campaign("Clean air")
    page = desk.make_page(campaign, title=title)
    type(page).objects.filter(pk=page.pk).update(kind=kind)
    return Scene(campaign, page.page_key)


def go(parcels: list[Parcel], *way: State, words: str = "") -> None:
    """Lead letters through these states, as the sender does."""
    for state in way:
        states.move(parcels, state, by="core", step=Step(words if state == way[-1] else ""))
