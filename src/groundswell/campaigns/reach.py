"""Whom a page's letters and calls go to, and what those need: from pages and the directory."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from groundswell.campaigns.models import Ask, LetterPage
from groundswell.delivery.channels import registry
from groundswell.directory import lists
from groundswell.directory import queries as directory
from groundswell.directory.models import TargetList
from groundswell.directory.targets import Target
from groundswell.kinds.letter.kind import Reach
from groundswell.kinds.letter.marks import LIMITS

# What each choice of an organiser's tries, in order: what needs the supporter least comes first.
WAYS: Final = {
    "auto": ("cwc", "email", "form", "print"),
    "email": ("email", "form", "print"),
    "form": ("form", "print"),
    "print": ("print",),
    "cwc": ("cwc", "form", "print"),
    "webhook": ("webhook",),
}
CONGRESS: Final = frozenset({"senate", "house"})
_CONTACTS: Final = {
    "email": ("email",),
    "cwc": ("cwc",),
    "form": ("form",),
    "print": ("address",),
}


class Aim(Protocol):
    """What an organiser chose: see `models_reach.Aimed`."""

    @property
    def own(self) -> list[str]: ...
    @property
    def lists(self) -> list[int]: ...
    @property
    def keys(self) -> list[str]: ...


class Chosen(NamedTuple):
    """The same, as a form has it."""

    own: list[str]
    lists: list[int]
    keys: list[str]

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Chosen":
        """From a form's clean values, of which some may be missing."""
        return cls(said.get("own") or [], said.get("lists") or [], said.get("keys") or [])


class Needs(NamedTuple):
    """What a letter's form must ask beside names and e-mail, because of whom it goes to."""

    prefix: bool
    street: bool
    region: bool
    postcode: bool


def chosen(aim: Aim) -> list[Target]:
    """Those who were chosen whoever the supporter is."""
    listed = [target for number in aim.lists for target in _of_list(number)]
    single = directory.targets(aim.keys) if aim.keys else {}
    return _once([*listed, *(single[key] for key in aim.keys if key in single)])


def channels(page: LetterPage) -> tuple[str, ...]:
    """The ways a page's letters may go, best first."""
    ways = WAYS.get(page.channel, WAYS["auto"])
    return tuple(way for way in ways if way in {"form", "print"} or registry.is_on(way))


def channel(target: Target, *, ways: Iterable[str]) -> str:
    """The way a letter to somebody goes; empty when there is none."""
    return next((way for way in ways if takes(target, way)), "")


def takes(target: Target, way: str) -> bool:
    """Whether somebody can be reached that way."""
    return way == "webhook" or any(target.contact(kind) for kind in _CONTACTS[way])


def reached(page: LetterPage, *, ways: Sequence[str]) -> Reach:
    """Whether all, some or none of those a page is for take letters from us, in `ways`.

    A supporter's own are not known here, but all who hold such an office are.
    """
    ours = [way for way in ways if registry.is_on(way)]
    if not ours:
        return "none"
    everybody = [target for text in page.letters.all() for target in chosen(text)]
    if own := page.own_offices():
        everybody += directory.evaluate(
            lists.Rule(kinds=tuple(own), countries=(page.lookup_country,))
        )
    served = {channel(target, ways=ways) in ours for target in everybody}
    if len(served) != 1:
        return "some"
    return "all" if True in served else "none"


def limit(ways: Sequence[str]) -> int:
    """The most characters that the way letters mostly go takes."""
    return LIMITS[ways[0]] if ways else LIMITS["email"]


def needs(page: LetterPage) -> Needs:
    """What Congress wants to know if it is among those written to, and what the organiser asks."""
    congress = asks_congress(page)
    address = congress or page.ask_address == Ask.REQUIRED
    return Needs(
        prefix=congress,
        street=address,
        region=congress,
        postcode=address or bool(page.own_offices()),
    )


def asks_congress(page: LetterPage) -> bool:
    """Whether a senator or representative of the US Congress is among those written to."""
    if page.lookup_country == "us" and CONGRESS & set(page.own_offices()):
        return True
    everybody = (target for text in page.letters.all() for target in chosen(text))
    return any(target.country.lower() == "us" and target.kind in CONGRESS for target in everybody)


def _of_list(number: int) -> list[Target]:
    try:
        return directory.of_list(number)
    except TargetList.DoesNotExist:  # removed since: the page's other addressees stay
        return []


def _once(targets: Iterable[Target]) -> list[Target]:
    return list({target.key: target for target in targets if not target.vacant}.values())
