"""Invented messengers, and pages that are published as far as the public door's files say."""

from typing import Any
from uuid import UUID

from groundswell.campaigns import publish_files
from groundswell.campaigns.publish_files import Manifest, Published
from groundswell.messengers import services
from groundswell.messengers.contact import Contact
from groundswell.messengers.models import Messenger
from groundswell.messengers.services import Account, Person

CAMPAIGN = UUID("c" * 32)
PAGE = UUID("a" * 32)
BY = "bob"


def messenger(name: str = "Mira Solenne", **said: Any) -> Messenger:
    """Somebody on the roster."""
    person = Person(
        name=name,
        role="Singer",
        languages=("en", "fr"),
        time_zone="Asia/Yerevan",
        contact=Contact(name="Ilo Vance", email="ilo@example.org", phone="+37410000000"),
        accounts=(
            Account(network="instagram", handle="mirasolenne", followers=189_000_000),
            Account(network="x", handle="mira", followers=2_000_000),
        ),
    )
    for field, value in said.items():
        person = Person(**{**_fields(person), field: value})
    return services.add_messenger(person=person, by=BY)


def publish(*languages: str, page: UUID = PAGE, slug: str = "river") -> None:
    """Say that the campaign and its page are published in these languages, and nothing else is."""
    places = {f"{CAMPAIGN.hex}.{code}": f"/{code}/{slug}/" for code in languages}
    for code in languages:
        places[f"{page.hex}.{code}."] = f"/{code}/{slug}/sign/"
        places[f"{page.hex}.{code}.thanks"] = f"/{code}/{slug}/sign/thanks/"
    scopes = {f"campaign:{CAMPAIGN.hex}": Published(places=places)} if languages else {}
    site = publish_files.site()
    with site.locked():
        publish_files.save(site, Manifest(scopes=scopes))


def _fields(person: Person) -> dict[str, object]:
    return {name: getattr(person, name) for name in Person.__struct_fields__}
