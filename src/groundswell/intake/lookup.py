"""Postcode to who represents it, from the lookup files that the site publishes for everybody.

Never a wrong representative in silence: what is not certain is asked for, out of date counts as
unknown, and a file that is missing or damaged as if nobody knew. `docs/formats/lookup.md` is the
format; reading it here costs a page view nothing and a submission some tens of microseconds.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec

from groundswell.base.errors import Choice, FieldError
from groundswell.base.wire import FieldSpec
from groundswell.intake.assets import Asset

FORMAT: Final = 1
POSTCODE: Final = "postcode"
PLACING: Final = frozenset({POSTCODE, "region", "country"})  # what a look reads beside `fields`
MAX_READ: Final = 256  # files kept decoded: all those of one country
_COUNTRY: Final = re.compile(r"[a-z]{2}")
_FILLERS: Final = str.maketrans("", "", " -")
log = logging.getLogger("groundswell.intake")


class Rule(msgspec.Struct, frozen=True):
    """How a country's postcodes look: the first `take` signs count, `shard` of them name a file."""

    pattern: str
    take: int
    shard: int
    name: str = ""


class Index(msgspec.Struct, frozen=True):
    """What a country's lookup covers and until when. `changes`: when a region's map is redrawn."""

    format: int
    country: str
    postcode: Rule
    regions: tuple[tuple[str, str], ...]
    valid_to: date | None = None
    changes: dict[str, str] = {}


class Person(msgspec.Struct, frozen=True):
    name: str
    role: str = ""
    party: str = ""
    office: str = ""
    phone: str = ""


class Division(msgspec.Struct, frozen=True):
    """`offices`: the kinds of office it elects, also when a seat is vacant."""

    id: str
    name: str
    people: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    vacant: bool = False


class Region(msgspec.Struct, frozen=True):
    region: str
    name: str
    divisions: tuple[Division, ...]
    people: dict[str, Person]

    def division(self, name: str) -> Division | None:
        return next((one for one in self.divisions if one.id == name), None)


class Offer(msgspec.Struct, frozen=True):
    """What may be chosen for a field: `regions`, or one of a `region`'s or a postcode's."""

    choices: tuple[Choice, ...]
    regions: bool = False
    region: str = ""
    note: str = ""
    chosen: str = ""


class Placed(msgspec.Struct):
    """What the lookup makes of a form: fields it fills in, errors, and what may be chosen."""

    found: dict[str, str] = {}
    errors: list[FieldError] = []
    offers: dict[str, Offer] = {}


class Lookups:
    """Reads the published lookups. It belongs to the event loop.

    `assets` gives the published files of this moment; `counts` says what came of each look.
    """

    def __init__(
        self, assets: Callable[[], Mapping[str, Asset]], counts: Counter[str] | None = None
    ) -> None:
        self._assets = assets
        self._read: dict[tuple[str, str], Any] = {}
        self.counts: Counter[str] = Counter() if counts is None else counts

    def place(
        self,
        fields: Sequence[FieldSpec],
        sent: Mapping[str, str],
        *,
        now: int,
        words: Mapping[str, str],
        again: bool = False,
    ) -> Placed:
        """What follows for `fields` of type division and target from clean fields.

        `now` is in ms since 1970, `words` are the page's. A look that is done `again`, to show
        what it offered, is not counted.
        """
        files = _Files(self._assets(), self._read)
        today = datetime.fromtimestamp(now / 1000, UTC).date()
        placed = Placed()
        kinds: tuple[str, ...] = ()
        own = _is_the_pages_own(fields, sent)
        for field in fields:
            index = files.index(field.lookup)
            if field.type == "target":
                division = placed.found.get("division", "")
                people = _represent(files, index, division, frozenset(kinds))
                _place_target(field, sent.get(field.name, ""), people, placed)
                continue
            if own and not (sent.get(field.name) or sent.get(POSTCODE)):
                continue
            kinds, result = field.choices, "away"
            if index is not None:
                result = _Division(files, index, field, today, words).place(sent, placed)
            elif field.required or sent.get(field.name):
                placed.errors.append(FieldError(field.name, "unknown_postcode"))
            self.counts[result] += not again
        return placed


class _Files:
    """The files of one moment; whatever is wrong with one, it is as if it were not there."""

    def __init__(self, assets: Mapping[str, Asset], read: dict[tuple[str, str], Any]) -> None:
        self._assets = assets
        self._kept = read

    def index(self, country: str) -> Index | None:
        if not _COUNTRY.fullmatch(country):
            return None
        index: Index | None = self._load(f"/lookup/{country}/index.json", Index)
        return index if index is not None and index.format == FORMAT else None

    def shard(self, country: str, name: str) -> Mapping[str, Any]:
        path = f"/lookup/{country}/p/{name}.json"
        return self._load(path, dict[str, list[list[str | float | None]]]) or {}

    def region(self, country: str, division: str) -> Region | None:
        name = division.rpartition(":")[2]
        region: Region | None = self._load(f"/lookup/{country}/r/{name}.json", Region)
        return region if region is not None and region.region == division else None

    def region_of(self, index: Index, division: str) -> Region | None:
        """The region a division lies in."""
        for region, _ in index.regions:
            if division == region or division.startswith(f"{region}/"):
                return self.region(index.country, region)
        return None

    def _load(self, path: str, kind: Any) -> Any:
        asset = self._assets.get(path)
        if asset is None:
            return None
        key = (path, asset.etag)
        if key not in self._kept:
            if len(self._kept) >= MAX_READ:
                self._kept.clear()
            self._kept[key] = _decode(path, asset, kind)
        return self._kept[key]


def _decode(path: str, asset: Asset, kind: Any) -> Any:
    try:
        body = asset.plain.body
        return msgspec.json.decode(asset.path.read_bytes() if body is None else body, type=kind)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        log.error("lookup file skipped: %s: %s", path, type(error).__name__)
        return None


class _Division:
    """One look for a division."""

    def __init__(
        self,
        files: _Files,
        index: Index,
        field: FieldSpec,
        today: date,
        words: Mapping[str, str],
    ) -> None:
        self._files = files
        self._index = index
        self._field = field
        self._words = words
        self._kinds = frozenset(field.choices)
        self._expired = index.valid_to is not None and today > index.valid_to

    def place(self, sent: Mapping[str, str], placed: Placed) -> str:
        """Look, note what follows in `placed`, and say in a word what came of it."""
        postcode = sent.get(POSTCODE, "").translate(_FILLERS)
        chosen = sent.get(self._field.name, "")
        rule = self._index.postcode
        if _lost_zeros(rule, postcode):
            placed.errors.append(FieldError(POSTCODE, "postcode_short", rule.take))
            return "short"
        if postcode and not self._abroad(sent) and not re.fullmatch(rule.pattern, postcode):
            placed.errors.append(FieldError(POSTCODE, "postcode_syntax"))
            return "malformed"
        candidates = self._candidates(postcode)
        if not candidates:
            return self._ask_region(chosen, placed, asked=bool(postcode))
        if self._elsewhere(candidates, sent.get("region", "")):
            placed.errors.append(FieldError("region", "other_region"))
        return self._choose(candidates, chosen, placed)

    def _abroad(self, sent: Mapping[str, str]) -> bool:
        """Whether somebody says to live where postcodes look different."""
        return sent.get("country", "").lower() not in {"", self._index.country}

    def _elsewhere(self, candidates: list[str], stated: str) -> bool:
        """Whether the region of the address is one of ours, and the postcode's are others."""
        named = [name for name, _ in self._index.regions if name.endswith(f":{stated.lower()}")]
        return bool(named) and not any(f"{one}/".startswith(f"{named[0]}/") for one in candidates)

    def _candidates(self, postcode: str) -> list[str]:
        """The divisions of a postcode that matter here, none when nobody knows."""
        index = self._index
        if self._expired or not re.fullmatch(index.postcode.pattern, postcode):
            return []
        code = postcode[: index.postcode.take]
        rows = self._files.shard(index.country, code[: index.postcode.shard]).get(code, ())
        found = [self._relevant(str(row[0])) if row else "" for row in rows]
        # A row whose region is not there is no row at all: nothing is known for certain then.
        return list(dict.fromkeys(found)) if all(found) else []

    def _relevant(self, division: str) -> str:
        """The division, or its region if only the region's offices are asked for."""
        region = self._region(division)
        known = region.division(division) if region else None
        if region is None or known is None:
            return ""
        return division if self._elects(known) else region.region

    def _elects(self, division: Division) -> bool:
        return not self._kinds or not self._kinds.isdisjoint(division.offices)

    def _ask_region(self, chosen: str, placed: Placed, *, asked: bool) -> str:
        """The postcode says nothing: a region may be chosen, then one of its divisions."""
        code = "map_expired" if self._expired else "unknown_postcode"
        region = self._region(chosen) if chosen else None
        if region is None:
            if chosen or asked or self._field.required:
                regions = tuple(Choice(name, label) for name, label in self._index.regions)
                self._refuse(placed, code, regions, regions=True)
            return "expired" if self._expired else "unknown"
        inside = [one for one in region.divisions if one.id != region.region and self._elects(one)]
        below = [one.id for one in inside] or [region.region]
        chosen = "" if chosen == region.region else chosen
        return self._choose(below, chosen, placed, region=region.region)

    def _choose(
        self, candidates: list[str], chosen: str, placed: Placed, *, region: str = ""
    ) -> str:
        """Take what was chosen, or the only one there is, or ask. `region`: they are all of it."""
        name = self._field.name
        if not chosen and len(candidates) == 1:
            chosen = candidates[0]
        elif len(candidates) > 1 or chosen not in candidates:
            self._offer(candidates, chosen, placed, region=region)
        if chosen in candidates:
            placed.found[name] = chosen
            if self._field.required and self._nobody(chosen):
                placed.errors.append(FieldError(name, "seat_vacant"))
                return "vacant"
            return "found"
        self._refuse(placed, "choose_one", placed.offers[name].choices)
        return "choose"

    def _offer(self, candidates: list[str], chosen: str, placed: Placed, *, region: str) -> None:
        choices = [Choice(one, self._label(one)) for one in candidates]
        if region:
            choices.append(Choice("", self._words.get("place:elsewhere", "Somewhere else")))
        name, note = self._field.name, self._note(candidates)
        placed.offers[name] = Offer(tuple(choices), region=region, note=note, chosen=chosen)

    def _refuse(
        self, placed: Placed, code: str, choices: tuple[Choice, ...], *, regions: bool = False
    ) -> None:
        name = self._field.name
        placed.errors.append(FieldError(name, code, choices=tuple(c for c in choices if c.value)))
        if regions:
            placed.offers[name] = Offer(choices, regions=True)

    def _label(self, division: str) -> str:
        """A division with the people who hold its seats; a list out of date names nobody."""
        region = self._region(division)
        known = region.division(division) if region else None
        if region is None or known is None:
            return division
        people = [] if self._expired else list(_people(region, known, self._kinds))
        parts = [_in_words(person) for _, person in people]
        if known.vacant and not people and not self._expired:
            parts.append(self._words.get("place:vacant", "vacant"))
        return f"{known.name}: {', '.join(parts)}" if parts else known.name

    def _note(self, candidates: list[str]) -> str:
        """The words about maps that will change, if one of these lies where one will."""
        text = self._words.get("place:changes", "")
        for region, day in self._index.changes.items():
            if any(one == region or one.startswith(f"{region}/") for one in candidates):
                return text.replace("{date}", day)
        return ""

    def _nobody(self, division: str) -> bool:
        region = self._region(division)
        known = region.division(division) if region else None
        if self._expired or region is None or known is None:
            return False
        return not any(True for _ in people_of(region, known, self._kinds))

    def _region(self, division: str) -> Region | None:
        return self._files.region_of(self._index, division)


def people_of(
    region: Region, division: Division, kinds: frozenset[str]
) -> Iterator[tuple[str, Person]]:
    """Who represents a division: the holders of its own seats, then those of its region's."""
    yield from _people(region, division, kinds)
    whole = region.division(region.region)
    if whole is not None and whole is not division:
        yield from _people(region, whole, kinds)


def _people(
    region: Region, division: Division, kinds: frozenset[str]
) -> Iterator[tuple[str, Person]]:
    for key in division.people:
        person = region.people.get(key)
        if person is not None and (not kinds or person.office in kinds):
            yield key, person


def _in_words(person: Person) -> str:
    about = ", ".join(part for part in (person.role, person.party) if part)
    return f"{person.name} ({about})" if about else person.name


def _is_the_pages_own(fields: Sequence[FieldSpec], sent: Mapping[str, str]) -> bool:
    """Whether somebody is meant whom the page itself names: then it matters not where one lives."""
    return any(field.type == "target" and sent.get(field.name) in field.choices for field in fields)


def _represent(
    files: _Files, index: Index | None, division: str, kinds: frozenset[str]
) -> list[tuple[str, Person]]:
    region = files.region_of(index, division) if index and division else None
    known = region.division(division) if region else None
    return list(people_of(region, known, kinds)) if region and known else []


def _place_target(
    field: FieldSpec, chosen: str, people: list[tuple[str, Person]], placed: Placed
) -> None:
    """Check a decision maker's key against the page's own and those of the division."""
    if chosen in field.choices or not (chosen or field.required):
        return
    choices = tuple(Choice(key, _with_phone(person)) for key, person in people)
    if choices:
        placed.offers[field.name] = Offer(choices, chosen=chosen)
    if chosen not in {choice.value for choice in choices} and not placed.errors:
        code = "choose_one" if choices else "unknown_choice" if chosen else "required"
        placed.errors.append(FieldError(field.name, code, choices=choices))


def _with_phone(person: Person) -> str:
    return f"{_in_words(person)}: {person.phone}" if person.phone else _in_words(person)


def _lost_zeros(rule: Rule, postcode: str) -> bool:
    """Whether a postcode of digits is too short: a spreadsheet or a phone has eaten a zero."""
    short = postcode.isdecimal() and len(postcode) < rule.take
    return short and re.fullmatch(rule.pattern, postcode.zfill(rule.take)) is not None
