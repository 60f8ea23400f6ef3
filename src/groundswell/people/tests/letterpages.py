"""A campaign with letter pages, and offices in the directory: what letters need to be made."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from groundswell.base import clock, wire
from groundswell.campaigns import services
from groundswell.campaigns.models import Campaign, LetterPage, LetterText, SiteHome, TalkingPoint
from groundswell.campaigns.tests.public_pages import make_home
from groundswell.directory import services as directory
from groundswell.directory.records import (
    AreaRecord,
    Batch,
    ContactRecord,
    MembershipRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)
from groundswell.people import drain, letter_pages
from groundswell.people.tests.journal import sign
from groundswell.people.tests.journal import write as journal

HARBOUR: Final = "test/harbour"
MAYOR: Final = "test/mayor"
FORM: Final = "test/bridges"
NORTH: Final = "ocd-division/country:us/state:ca/cd:98"
SOUTH: Final = "ocd-division/country:us/state:ca/cd:99"
BODY: Final = "{salutation},\n\nPlease mend the quay.\n\n{points}\n\n{given_name} {family_name}"
_INFO: Final = SourceInfo(slug="test", name="Offices of Aldermere")


def arriving(folder: Path) -> Callable[..., None]:
    """Load the offices; a way to drain submissions as they come from intake."""
    offices()

    def drained(*submissions: wire.Submission) -> None:
        drain.drain(journal(folder, list(submissions)))

    return drained


def offices(*, north: str = "Ada Weir") -> None:
    """Load three offices and two wards; a ward whose name is empty has a vacant seat."""
    wards = {NORTH: north, SOUTH: "Basil Loach"}
    today = clock.now().date()
    batch = Batch(
        as_of=today,
        areas=[AreaRecord(key=key, name=key[-5:], country="us") for key in wards],
        posts=[
            PostRecord(key=HARBOUR, role="Harbour office", kind="office", office=True),
            PostRecord(
                key=MAYOR, role="Mayor", kind="office", office=True, salutation="Dear Mayor"
            ),
            PostRecord(key=FORM, role="Office of Bridges", kind="office", office=True),
            *[
                PostRecord(key=f"seat/{key[-5:]}", role="Councillor", kind="house", area=key)
                for key in wards
            ],
        ],
        contacts=[
            _contact(HARBOUR, "email", "harbour@aldermere.example"),
            _contact(MAYOR, "email", "mayor@aldermere.example"),
            _contact(FORM, "form", "https://bridges.example/contact"),
        ],
    )
    for key, name in wards.items():
        if name:
            person = f"test/{name.split()[-1].lower()}"
            batch.people.append(PersonRecord(key=person, name=name))
            batch.memberships.append(
                MembershipRecord(key=f"m/{key}", person=person, post=f"seat/{key[-5:]}")
            )
            batch.contacts.append(_contact(person, "email", f"{person[5:]}@aldermere.example"))
    directory.load(source=_INFO, batch=batch, by="test", may_vanish=1.0)
    letter_pages.forget()


def campaign() -> Campaign:
    """A campaign that is published."""
    home = SiteHome.objects.first() or make_home()
    made = services.create_campaign(
        home=home, title="Mend the quay", summary="It is old.", demands=[("Mend it", "The council")]
    )
    services.publish_now(page=made)
    return made


def letter_page(
    inside: Campaign,
    *,
    keys: Sequence[str] = (HARBOUR,),
    own: Sequence[str] = (),
    body: str = BODY,
    subject: str = "The quay",
    **fields: Any,
) -> LetterPage:
    """A letter page that is published."""
    page = services.create_letter_page(
        campaign=inside,
        title="Write about the quay",
        letters=[LetterText(own=list(own), lists=[], keys=list(keys), subject=subject, body=body)],
        points=[TalkingPoint(key="walk", label="I walk there", text="I walk there {target}.")],
        lookup_country="us" if own else "",
        **fields,
    )
    services.publish_now(page=page)
    letter_pages.forget()
    return page


def write(page: LetterPage, email: str = "ada@example.org", **fields: str) -> wire.Submission:
    """A letter as intake seals it."""
    texts = {"subject": "The quay", "body": BODY, "city": "Aldermere", "postcode": "AL1"}
    consents = {"reply_to": "0123456789ab"} if fields.pop("reply_to", "") else {}
    return sign(
        email, page=UUID(str(page.translation_key)).hex, kind="letter", fields=texts | fields,
        consents=consents,
    )  # fmt: skip


def _contact(owner: str, type: str, value: str) -> ContactRecord:  # noqa: A002
    return ContactRecord(key=f"{owner}#{type}", owner=owner, type=type, value=value)
