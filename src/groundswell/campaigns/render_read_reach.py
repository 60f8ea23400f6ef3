"""Letter and call pages to views: what they have beside every action page."""

from collections.abc import Sequence
from typing import Any

from groundswell.campaigns import queries, reach, ringing
from groundswell.campaigns.models import Ask, CallPage, LetterPage, LetterText
from groundswell.campaigns.render import plain
from groundswell.campaigns.render_reach_views import (
    AnswerView,
    CallView,
    LetterView,
    OfficeView,
    PointView,
    TargetView,
    TextView,
)
from groundswell.campaigns.render_text import rich
from groundswell.campaigns.render_views import ConsentView
from groundswell.directory.targets import Contact, Target


def letter(page: LetterPage, shared: dict[str, Any]) -> LetterView:
    """A letter page in one language. `shared` is what every action page has."""
    ways = reach.channels(page)
    texts = tuple(_text(one, ways) for one in page.letters.all())
    found = {target.key: target for text in texts for target in reversed(text.targets)}
    own = tuple(page.own_offices())
    return LetterView(
        **shared | {"asked": _asked(page)},
        lookup=page.lookup_country if own else "",
        own=own,
        targets=tuple(found.values()),
        texts=texts,
        points=tuple(
            PointView(one.field, plain(one.label), plain(one.text)) for one in page.points.all()
        ),
        channels=ways,
        reached=reach.reached(page, ways=ways),
    )


def call(page: CallPage, shared: dict[str, Any]) -> CallView:
    """A call page in one language. `shared` is what every action page has."""
    own = tuple(page.own)
    return CallView(
        **shared | {"asked": _asked_of_callers(page)},
        lookup=page.lookup_country if own else "",
        own=own,
        targets=tuple(target(one) for one in reach.chosen(page)),
        opening=plain(page.opening),
        say=rich(page.say),
        closing=plain(page.closing),
        answers=tuple(AnswerView(plain(one.asked), rich(one.reply)) for one in page.answers.all()),
        ring=_ring(page) if ringing.is_offered(page) else None,
    )


def _ring(page: CallPage) -> ConsentView:
    current = ringing.version(page.language)
    shown = queries.consent_versions(
        page_key=page.page_key, purpose=ringing.PURPOSE, language=page.language
    )
    older = [version for version in shown if version != current]
    return ConsentView(
        purpose=ringing.PURPOSE,
        text=ringing.consent(page.language),
        versions=(*older, current),
        required=True,
    )


def target(one: Target, *, group: str = "", ways: Sequence[str] = ()) -> TargetView:
    """A decision maker as a page shows them. What came back as wrong is not shown."""
    good = [contact for contact in one.contacts if contact.usable]
    voice = _first(good, "voice")
    form = _first(good, "form")
    url = _first(good, "url")
    address = _first(good, "address")
    return TargetView(
        key=one.key,
        name=plain(one.name),
        role=plain(one.role),
        organization=plain(one.organization),
        party=plain(one.party),
        salutation=plain(one.salutation),
        kind=one.kind,
        group=group,
        channel=reach.channel(one, ways=ways),
        form=_web(form),
        url=_web(url),
        phone=voice.value if voice else "",
        address=plain(address.value) if address else "",
        hours=voice.hours if voice else "",
        zone=voice.zone if voice else "",
        offices=_offices(good, main=voice),
    )


def _text(one: LetterText, ways: Sequence[str]) -> TextView:
    return TextView(
        group=one.group,
        label=plain(one.label),
        subject=plain(one.subject),
        body=plain(one.body.replace("\r\n", "\n")),
        limit=reach.limit(ways),
        own=tuple(one.own),
        targets=tuple(target(found, group=one.group, ways=ways) for found in reach.chosen(one)),
    )


def _asked(page: LetterPage) -> dict[str, bool]:
    """Each field the form asks and whether it must be given: what offices need, and a wish."""
    needs = reach.needs(page)
    asked = {"given_name": True, "family_name": True, "email": True}
    wanted = {"prefix": needs.prefix, "region": needs.region, "postcode": needs.postcode}
    asked |= {name: True for name, must in wanted.items() if must}
    if needs.street or page.ask_address == Ask.OPTIONAL:
        asked |= {"street": needs.street, "city": needs.street}
        asked.setdefault("postcode", False)
    for name, ask in (("country", page.ask_country), ("phone", page.ask_phone)):
        if ask != Ask.NO and not (name == "country" and needs.region):
            asked[name] = ask == Ask.REQUIRED
    return asked | ({"copy": False} if page.offer_copy else {})


def _asked_of_callers(page: CallPage) -> dict[str, bool]:
    asked = {"target": True, "outcome": True}
    if page.own:
        # Who calls somebody the page itself names need not say where they live.
        asked["postcode"] = not (page.lists or page.keys)
    return asked | ({"given_name": False, "email": False} if page.ask_contact else {})


def _first(contacts: Sequence[Contact], kind: str) -> Contact | None:
    return next((contact for contact in contacts if contact.type == kind), None)


def _web(contact: Contact | None) -> str:
    value = contact.value if contact else ""
    return value if value.startswith(("https://", "http://")) else ""


def _offices(contacts: Sequence[Contact], *, main: Contact | None) -> tuple[OfficeView, ...]:
    """The places that have a town and a telephone or an address, the main telephone's left out."""
    places: dict[tuple[str, str], list[Contact]] = {}
    for contact in contacts:
        if contact.city and contact.type in {"voice", "address"}:
            places.setdefault((contact.city, contact.label), []).append(contact)
    return tuple(
        _office(city, found) for (city, _label), found in places.items() if main not in found
    )


def _office(city: str, contacts: Sequence[Contact]) -> OfficeView:
    voice, address = _first(contacts, "voice"), _first(contacts, "address")
    placed = next((one for one in contacts if one.latitude is not None), None)
    return OfficeView(
        city=plain(city),
        phone=voice.value if voice else "",
        address=plain(address.value) if address else "",
        hours=voice.hours if voice else "",
        zone=voice.zone if voice else "",
        lat=placed.latitude if placed else None,
        lon=placed.longitude if placed else None,
    )
