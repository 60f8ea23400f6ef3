"""A small directory for the desk's tests: a chamber, its people, a committee, a ministry."""

from collections.abc import Sequence
from datetime import date, timedelta

from groundswell.base import clock
from groundswell.directory import services
from groundswell.directory.models import ContactDetail, Edition
from groundswell.directory.records import (
    AreaRecord,
    Batch,
    ContactRecord,
    MembershipRecord,
    OrganizationRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)

SOURCE = SourceInfo(
    slug="test-chamber",
    name="The chamber's own list",
    url="https://chamber.example/members",
    licence="CC0",
    attribution="Clerk of the chamber",
    country="us",
)
STATE = "ocd-division/country:us/state:wa"
MARIA, ADAM, MINISTRY = "us/C000127", "us/S000510", "us/office/secretary-of-state"
PEOPLE = (
    (MARIA, "Maria Cantwell", "Cantwell", "senate", STATE, "Democrat"),
    (ADAM, "Adam Smith", "Smith", "house", f"{STATE}/cd:9", "Democrat"),
    ("us/B001001", "Éva Böhm", "Böhm", "house", f"{STATE}/cd:1", "Republican"),
)


def load(*, as_of: date | None = None, people: int = len(PEOPLE)) -> Edition:
    """An edition of the chamber's list; a later one, too, with fewer people."""
    today = clock.now().date()
    edition, _counts = services.load(
        source=SOURCE, batch=batch(as_of or today, people), by="loader", file="chamber.csv"
    )
    assert edition is not None
    return edition


def batch(as_of: date, people: int) -> Batch:
    """What the list says."""
    some = PEOPLE[:people]
    return Batch(
        as_of=as_of,
        areas=_areas(some),
        organizations=[
            OrganizationRecord(key="us/senate", name="United States Senate", country="us"),
            OrganizationRecord(key="us/house", name="House of Representatives", country="us"),
            OrganizationRecord(
                key="us/committee/budget", name="Committee on the Budget", country="us",
                classification="committee",
            ),
        ],
        posts=_posts(some),
        people=[
            PersonRecord(key=key, name=name, family_name=family, party=party)
            for key, name, family, _kind, _area, party in some
        ],
        memberships=[
            *(
                MembershipRecord(key=f"{key}/held", person=key, post=f"{key}/seat")
                for key, *_rest in some
            ),
            MembershipRecord(
                key=f"{MARIA}/budget", person=MARIA, role="Chair",
                organization="us/committee/budget",
            ),
        ],
        contacts=_contacts(),
    )  # fmt: skip


def _areas(some: Sequence[tuple[str, ...]]) -> list[AreaRecord]:
    redrawn = clock.now().date() + timedelta(days=42)
    country = "ocd-division/country:us"
    return [
        AreaRecord(key=country, name="United States", country="us"),
        AreaRecord(key=STATE, name="Washington", country="us", parent=country, redrawn_on=redrawn),
        *(
            AreaRecord(key=area, name=f"Seat of {area[-1]}", country="us", parent=STATE)
            for _key, _name, _family, kind, area, _party in some
            if kind == "house"
        ),
    ]


def _posts(some: Sequence[tuple[str, ...]]) -> list[PostRecord]:
    return [
        *(
            PostRecord(
                key=f"{key}/seat", role="Senator" if kind == "senate" else "Representative",
                kind=kind, organization=f"us/{kind}", area=area, country="us",
            )
            for key, _name, _family, kind, area, _party in some
        ),
        PostRecord(
            key="us/vacant/seat", role="Representative", kind="house", organization="us/house",
            area=STATE, country="us",
        ),
        PostRecord(
            key=MINISTRY, role="Secretary of State", kind="department", country="us", office=True
        ),
    ]  # fmt: skip


def _contacts() -> list[ContactRecord]:
    return [
        ContactRecord(
            key=f"{MARIA}#voice", owner=MARIA, type="voice", city="Washington",
            value="+1 202-224-3441", hours="Mo-Fr 09:00-17:00", zone="America/New_York",
        ),
        ContactRecord(
            key=f"{MARIA}#email", owner=MARIA, type="email", value="maria@senate.example"
        ),
        ContactRecord(
            key=f"{MINISTRY}#address", owner=MINISTRY, type="address",
            value="2201 C Street NW\nWashington DC 20520",
        ),
    ]  # fmt: skip


def contact(key: str) -> ContactDetail:
    """The version of a contact that holds."""
    found: ContactDetail = ContactDetail.objects.get(key=key, current=True)
    return found
