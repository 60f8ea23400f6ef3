"""The demo's directory, letter page and call page, made as an organiser would make them."""

from collections.abc import Mapping
from typing import Any

from groundswell.base import clock
from groundswell.campaigns import services
from groundswell.campaigns.models import Answer, CallPage, Campaign, LetterPage, LetterText
from groundswell.campaigns.models import TalkingPoint as Point
from groundswell.directory import services as directory
from groundswell.directory.records import (
    Batch,
    ContactRecord,
    MembershipRecord,
    OrganizationRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)
from groundswell.directory.sources.registry import SHIPPED
from groundswell.ops.demo_reach import (
    ADDRESS,
    COUNCIL,
    COUNCILLORS,
    HARBOUR,
    OFFICES,
    SLUG,
    SOURCE,
    Office,
    Reach,
)

# Enough to try a postcode of the United States with, and quick to load.
LOADED = ("offices", "us_congress", "us_zip")


def load_directory() -> None:
    """Load the invented town, and of what ships with Groundswell what the demo can use."""
    for name in LOADED:
        shipped = SHIPPED[name]
        directory.load(source=shipped.info, batch=shipped.batch(), by="demo")
    directory.load(source=SourceInfo(slug=SLUG, name=SOURCE), batch=_town(), by="demo")


def make(campaign: Campaign, words: Reach) -> tuple[LetterPage, CallPage]:
    """Make and publish both pages in the campaign's language."""
    groups = ((COUNCILLORS, ""), ((HARBOUR,), "harbour"))
    letter = services.create_letter_page(
        campaign=campaign,
        title=words.letter_title,
        slug="write",
        letters=[
            LetterText(keys=list(keys), group=group, label=label, subject=subject, body=body)
            for (keys, group), (label, subject, body) in zip(groups, words.texts, strict=True)
        ],
        points=[Point(label=label, text=text) for label, text in words.points],
    )
    call = services.create_call_page(
        campaign=campaign,
        title=words.call_title,
        slug="call",
        opening=words.opening,
        say=words.say,
        closing=words.closing,
        keys=[*COUNCILLORS, HARBOUR],
        answers=[Answer(asked=asked, reply=reply) for asked, reply in words.answers],
    )
    for page in (letter, call):
        services.publish_now(page=page)
    return letter, call


def translate(pages: tuple[LetterPage, CallPage], locale: Any, words: Reach) -> None:
    """Make and publish both pages' translations."""
    letter, call = (page.copy_for_translation(locale) for page in pages)
    _set(letter, title=words.letter_title, draft_title=words.letter_title)
    texts = [{"label": one, "subject": two, "body": three} for one, two, three in words.texts]
    _set_each(letter.letters, texts)
    _set_each(letter.points, [{"label": label, "text": text} for label, text in words.points])
    _set(call, title=words.call_title, draft_title=words.call_title)
    _set(call, opening=words.opening, say=words.say, closing=words.closing)
    _set_each(call.answers, [{"asked": asked, "reply": reply} for asked, reply in words.answers])
    for page in (letter, call):
        services.publish_now(page=page)


def _town() -> Batch:
    council = OrganizationRecord(key=COUNCIL, name="Aldermere Town Council", country="gb")
    harbour = OrganizationRecord(key=f"{HARBOUR}-org", name="Port of Aldermere", country="gb")
    batch = Batch(as_of=clock.now().date(), organizations=[council, harbour])
    for office in OFFICES:
        _add(batch, office, council if office.name else harbour)
    return batch


def _add(batch: Batch, office: Office, organization: OrganizationRecord) -> None:
    post = f"{office.key}-seat" if office.name else office.key
    batch.posts.append(
        PostRecord(
            key=post,
            role=office.role,
            kind="council" if office.name else "office",
            organization=organization.key,
            country="gb",
            office=not office.name,
        )
    )
    if office.name:
        given, _, family = office.name.partition(" ")
        batch.people.append(
            PersonRecord(
                key=office.key,
                name=office.name,
                given_name=given,
                family_name=family,
                salutation=f"Dear Councillor {family}",
            )
        )
        batch.memberships.append(
            MembershipRecord(key=f"{office.key}-member", person=office.key, post=post)
        )
    contacts = {"email": office.email, "form": office.form, "voice": office.phone}
    for kind, value in (contacts | {"address": ADDRESS}).items():
        if value:
            hours = office.hours if kind == "voice" else ""
            batch.contacts.append(
                ContactRecord(
                    key=f"{office.key}#{kind}",
                    owner=office.key,
                    type=kind,
                    value=value,
                    hours=hours,
                    zone="Europe/London" if hours else "",
                )
            )


def _set_each(related: Any, rows: list[Mapping[str, str]] | list[dict[str, str]]) -> None:
    things = list(related.all())
    for thing, values in zip(things, rows, strict=True):
        _set(thing, **values)
    related.set(things)


def _set(thing: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(thing, name, value)
