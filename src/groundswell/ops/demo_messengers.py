"""Who carries the demo's link: five invented messengers, what they say, and where it stands.

No account here exists, and no number is made up for what their posts brought: that begins with the
first visitor.
"""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from groundswell.campaigns.models import ActionPage, Campaign
from groundswell.messengers import services, services_claims, services_links, services_statements
from groundswell.messengers.contact import Contact
from groundswell.messengers.models import Involvement, Messenger, Source, Statement
from groundswell.messengers.services import Account, Person
from groundswell.messengers.services_claims import Reference
from groundswell.messengers.services_statements import Content

BY: Final = "demo"
COUNTED_ON: Final = date(2026, 11, 1)
FAMILY: Final = "The Vell sisters"
COALITION: Final = "Artists for the evening"


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """What a messenger is asked to post. `approved`: by us, so that their own page shows it."""

    network: str
    language: str
    text: str
    approved: bool = False


class Carrier(msgspec.Struct, frozen=True, kw_only=True):
    """A messenger, how far they are, and their texts."""

    person: Person
    group: str = ""
    status: str = "invited"
    texts: tuple[Text, ...] = ()


class Demo(msgspec.Struct, frozen=True):
    """What the texts' facts rest on, and who says them."""

    source: Reference
    carriers: tuple[Carrier, ...]


def load(action: ActionPage) -> None:
    """Put the messengers into the roster, and into the campaign of the demo's petition."""
    campaign_key = UUID(str(action.campaign.translation_key))
    source = services_claims.add_source(campaign_key=campaign_key, reference=DEMO.source, by=BY)
    groups = {
        FAMILY: services.make_group(name=FAMILY, kind="family").id,
        COALITION: services.make_group(name=COALITION, kind="coalition").id,
    }
    for carrier in DEMO.carriers:
        person = carrier.person
        if carrier.group:
            person = msgspec.structs.replace(person, groups=(groups[carrier.group],))
        messenger = services.add_messenger(person=person, by=BY)
        [part] = services.involve(messengers=[messenger], campaign_key=campaign_key, by=BY)
        services.set_status(part=part, status=carrier.status, by=BY)
        for text in carrier.texts:
            _write(text, part, messenger, action, source)


def _write(
    text: Text, part: Involvement, messenger: Messenger, action: ActionPage, source: Source
) -> None:
    made = services_links.make_links(
        campaign_key=part.campaign_key,
        page_key=action.page_key,
        messengers=[messenger],
        networks=[text.network],
        languages=[text.language],
        by=BY,
    )
    statement = services_statements.create(
        campaign_key=part.campaign_key,
        network=text.network,
        language=text.language,
        content=Content(
            text.text,
            link_id=[*made.fresh, *made.known][0].id,
            pictures=_pictures(action, text.language),
        ),
        by=BY,
        messenger_id=messenger.id,
    )
    if text.approved:
        _approve(statement, source)


def _pictures(action: ActionPage, language: str) -> tuple[tuple[int, str], ...]:
    campaign = Campaign.objects.get(
        translation_key=action.campaign.translation_key, locale__language_code=language
    )
    return ((campaign.lead_picture_id, campaign.lead_picture_alt),)


def _approve(statement: Statement, source: Source) -> None:
    version = services_statements.newest(statement)
    for claim in version.claims.all():
        services_claims.settle(claim_id=claim.id, source_id=source.id, by=BY)
    services_statements.approve(key=statement.key, version=version.number, by=BY)


def _account(network: str, handle: str, followers: int) -> Account:
    return Account(network=network, handle=handle, followers=followers, followers_on=COUNTED_ON)


DEMO: Final = Demo(
    source=Reference(
        title="How the Lantern Room is used: a week of counting at the door",
        publisher="Friends of the Lantern Room",
        url="https://lantern-room.example/a-week-at-the-door",
        published_on=date(2026, 10, 5),
        quote="Three hundred people on an ordinary weekday, half of them after five.",
    ),
    carriers=(
        Carrier(
            person=Person(
                name="Isaura Vell",
                role="Singer",
                languages=("en", "ar"),
                time_zone="Europe/London",
                contact=Contact(name="Ottilie Marsh", email="office@isaura-vell.example"),
                accounts=(
                    _account("instagram", "isaura.vell.demo", 189_000_000),
                    _account("x", "isauravell_demo", 9_400_000),
                ),
                notes="Learned to read in the Lantern Room. Wants to see each text a day before.",
            ),
            group=FAMILY,
            status="agreed",
            texts=(
                Text(
                    network="instagram",
                    language="en",
                    text=(
                        "I learned to read under this lantern. Half of those who come to the "
                        "reading room come after 5 in the evening, and from January it is to be "
                        "dark by then.\n\nIt takes a minute to help: {link}\n\n#LanternRoom"
                    ),
                    approved=True,
                ),
                Text(
                    network="x",
                    language="en",
                    text=(
                        "300 people a day, half of them after five. Please keep the light on in "
                        "the Lantern Room: {link}"
                    ),
                ),
            ),
        ),
        Carrier(
            person=Person(
                name="طارق الماسي",
                role="لاعب كرة قدم",
                languages=("ar",),
                time_zone="Asia/Amman",
                contact=Contact(name="Nadir Qasim", phone="+44 20 7946 0931"),
                accounts=(_account("instagram", "tariq.almasi.demo", 6_200_000),),
            ),
            status="scheduled",
            texts=(
                Text(
                    network="instagram",
                    language="ar",
                    text=(
                        "كل مساء كان أخي يدرس تحت هذا الفانوس. ساعدونا كي تبقى قاعة الفانوس "
                        "مفتوحة في المساء: {link}"
                    ),
                    approved=True,
                ),
            ),
        ),
        Carrier(
            person=Person(
                name="Mirelle Duarte",
                role="Novelist",
                languages=("en",),
                time_zone="America/New_York",
                accounts=(_account("threads", "mirelle.duarte.demo", 410_000),),
            ),
            group=COALITION,
            status="agreed",
            texts=(
                Text(
                    network="threads",
                    language="en",
                    text=(
                        "A library that closes at five is a library for people without a job. "
                        "Keep this one open: {link}"
                    ),
                ),
            ),
        ),
        Carrier(
            person=Person(
                name="Bryn Halloway",
                role="Ferry captain and storyteller",
                languages=("en",),
                time_zone="Europe/London",
                accounts=(
                    _account("bluesky", "bryn.halloway.example", 12_400),
                    _account("mastodon", "@bryn@harbour.example", 8_100),
                ),
            ),
            group=COALITION,
        ),
        Carrier(
            person=Person(
                name="Aldermere Rowing Club",
                role="Partner organisation",
                languages=("en", "ar"),
                time_zone="Europe/London",
                accounts=(_account("facebook", "AldermereRowingDemo", 3_200),),
            ),
            status="agreed",
        ),
    ),
)
