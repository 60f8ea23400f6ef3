"""What a post brought, as plain values: nothing here reads a database or knows a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from groundswell.kinds.registry import KINDS


class Sums(NamedTuple):
    """How much happened. `visits` are openings of a link, not people; `previews` those by the
    robots that draw a link's picture. `collected` actions arrived, `confirmed` ones count.
    """

    visits: int = 0
    previews: int = 0
    collected: int = 0
    confirmed: int = 0

    def plus(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def conversion(self) -> float | None:
        """Actions for each visit; None while nobody came. Above 1 where people came on again."""
        return self.collected / self.visits if self.visits else None


class Part(NamedTuple):
    """One network, language, country, link or minute of an effect. `value` is its code."""

    value: str
    sums: Sums


class Acted(NamedTuple):
    """What came in on one action page. `kind` is the kind's code, empty for a page that is gone."""

    page_key: UUID
    kind: str
    title: str
    collected: int
    confirmed: int

    @property
    def counted(self) -> int:
        """The number such a page shows: what was confirmed, or, as for calls, all there is."""
        kind = KINDS.get(self.kind)
        return self.collected if kind and kind.counts == "collected" else self.confirmed


@dataclass(frozen=True)
class Effect:
    """What the links of one messenger did in one campaign, up to `as_of`.

    The parts are sorted, the largest first; each kind of part adds up to `sums`. `countries` and
    `languages` have "" for those not told. `first` and `last` are the minutes of the first and
    last visit or action, None when there was none.
    """

    as_of: datetime
    sums: Sums
    acted: tuple[Acted, ...] = ()
    networks: tuple[Part, ...] = ()
    languages: tuple[Part, ...] = ()
    countries: tuple[Part, ...] = ()
    links: tuple[Part, ...] = ()
    first: datetime | None = None
    last: datetime | None = None

    @property
    def countries_known(self) -> int:
        """From how many countries, as far as it was told."""
        return sum(1 for part in self.countries if part.value)

    @property
    def known_share(self) -> float:
        """Which share of visits and actions came with a country, from 0 to 1."""
        return _known(self.countries)

    @property
    def counted(self) -> int:
        """All actions that count, whatever their kind."""
        return sum(one.counted for one in self.acted)


def largest_first(sums: dict[str, Sums]) -> tuple[Part, ...]:
    """The parts by what they brought, the unknown ("") last."""

    def place(part: Part) -> tuple[bool, int, int, str]:
        return (part.value == "", -part.sums.visits, -part.sums.collected, part.value)

    return tuple(sorted((Part(*one) for one in sums.items()), key=place))


def total(parts: Iterable[Sums]) -> Sums:
    """All together."""
    whole = Sums()
    for one in parts:
        whole = whole.plus(one)
    return whole


def _known(parts: Iterable[Part]) -> float:
    known = whole = 0
    for part in parts:
        number = part.sums.visits + part.sums.collected
        whole += number
        known += number if part.value else 0
    return known / whole if whole else 0.0
