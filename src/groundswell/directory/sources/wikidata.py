"""Who holds a country's offices by Wikidata: members of parliament and the foreign minister.

An office there without an end date may be over all the same. So of those who sit in a parliament
only the newest term's members are taken, or who began within a parliament's usual life; everybody
else is put to a person to look at, and is not taken in silence.
"""

import re
from collections import defaultdict
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote

import msgspec

from groundswell.base import clock
from groundswell.directory.fetching.client import Limits
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.records import (
    Batch,
    ContactRecord,
    MembershipRecord,
    OrganizationRecord,
    PersonRecord,
    PostRecord,
    SourceInfo,
)
from groundswell.directory.sources.asking import Asking, Doubt, Fetched, Refresh, line, mail, web

LIMITS: Final = Limits(size=24 << 20, quiet=75, total=90)  # the service itself gives up after 60
YEARS: Final = 6
_ITEM: Final = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9]\d{0,11})")
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9_]{1,30}")
_KINDS: Final = {"Q486839": "legislator", "Q7330070": "foreign-minister"}
_RESULTS: Final = "application/sparql-results+json"
# Merged items need no care here: the graph names only the one that is left.
_HOLDERS: Final = """
SELECT ?class ?pos ?posLabel ?person ?personLabel ?start ?term ?termStart ?groupLabel
 ?districtLabel ?email ?site ?phone ?x WHERE {
 VALUES ?class { wd:Q486839 wd:Q7330070 }
 ?country wdt:P297 "%s" . ?pos wdt:P279* ?class ; wdt:P1001|wdt:P17 ?country .
 ?person p:P39 ?st . ?st ps:P39 ?pos .
 FILTER NOT EXISTS { ?st pq:P582 [] } FILTER NOT EXISTS { ?person wdt:P570 [] }
 FILTER NOT EXISTS { ?st wikibase:rank wikibase:DeprecatedRank }
 OPTIONAL { ?st pq:P580 ?start }
 OPTIONAL { ?st pq:P2937 ?term . OPTIONAL { ?term wdt:P571 ?termStart } }
 OPTIONAL { ?st pq:P4100 ?group } OPTIONAL { ?st pq:P768 ?district }
 OPTIONAL { ?person wdt:P968 ?email } OPTIONAL { ?person wdt:P856 ?site }
 OPTIONAL { ?person wdt:P1329 ?phone } OPTIONAL { ?person wdt:P2002 ?x }
 SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],en,mul" } }
"""
_MERGED: Final = "SELECT ?old ?new WHERE { VALUES ?old { %s } ?old owl:sameAs ?new }"
_AT_ONCE: Final = 100


class _Value(msgspec.Struct):
    value: str


_Row = dict[str, _Value]


class _Bindings(msgspec.Struct):
    bindings: list[_Row]


class _Results(msgspec.Struct):
    results: _Bindings


class _Holder(msgspec.Struct):
    """One person in one office, of all the rows that tell of it."""

    person: str
    office: str
    kind: str
    rows: list[_Row]

    def text(self, name: str) -> str:
        return next((line(row[name].value) for row in self.rows if name in row), "")

    def latest(self, name: str) -> str:
        """The newest day of that name, as text."""
        return max((row[name].value[:10] for row in self.rows if name in row), default="")


def fetch(ask: Asking) -> Fetched:
    """The holders whom nothing makes doubtful, and the doubts about the others."""
    if not re.fullmatch(r"[a-z]{2}", ask.country):
        raise FetchFailed("say which country: --country am, in two letters")
    holders = _holders(_ask(ask, _HOLDERS % ask.country.upper()))
    if not holders:
        raise FetchFailed(
            f"Wikidata names nobody in office for {ask.country.upper()}: nothing was changed. "
            "Import a list of your own, or aim at offices instead of people"
        )
    terms = _newest_terms(holders)
    today, doubts = clock.now().date(), []
    batch, keys = Batch(as_of=today), _keys(ask, {holder.person for holder in holders})
    for number, holder in enumerate(holders, 1):
        why = _doubtful(holder, terms.get(holder.office, ""), today)
        if why:
            doubts.append(_doubt(holder, why))
        else:
            _add(batch, holder, keys[holder.person], ask.country)
        ask.watch(number, len(holders))
    if not batch.people:
        raise FetchFailed(_all_doubtful(doubts))
    return Fetched(batch=batch, doubts=doubts)


def _ask(ask: Asking, query: str) -> list[_Row]:
    path = f"/sparql?format=json&query={quote(' '.join(query.split()), safe='')}"
    return ask.json(path, _Results, accept=_RESULTS, limits=LIMITS).results.bindings


def _holders(rows: list[_Row]) -> list[_Holder]:
    """Rows grouped by person and office; what does not name both is no holder."""
    found: dict[tuple[str, str], _Holder] = {}
    for row in rows:
        person, office, class_ = (_item(row, name) for name in ("person", "pos", "class"))
        if person and office and class_ in _KINDS:
            holder = _Holder(person, office, _KINDS[class_], [])
            found.setdefault((person, office), holder).rows.append(row)
    return [found[key] for key in sorted(found)]


def _item(row: _Row, name: str) -> str:
    match = _ITEM.fullmatch(row[name].value) if name in row else None
    return match[1] if match else ""


def _newest_terms(holders: list[_Holder]) -> dict[str, str]:
    """The newest parliamentary term of each office of which anybody has one, by its first day."""
    began: dict[str, dict[str, str]] = defaultdict(dict)
    for holder in holders:
        for row in holder.rows:
            term = _item(row, "term")
            if term:
                day = (row.get("termStart") or row.get("start") or _Value("")).value[:10]
                old = began[holder.office].get(term, "")
                began[holder.office][term] = max(old, day) if "termStart" in row else old or day
    return {office: max(terms, key=lambda t: terms[t]) for office, terms in began.items()}


def _doubtful(holder: _Holder, newest: str, today: date) -> str:
    """Why nobody should be written to as this holder before a person has looked; or nothing."""
    terms = {_item(row, "term") for row in holder.rows} - {""}
    if newest and terms and newest not in terms:
        return "of an earlier term, and nobody noted its end"
    if newest in terms and newest:
        return ""
    start = holder.latest("start")
    if not start:
        return "without a first day and without a term"
    if start < (today - timedelta(days=365 * YEARS)).isoformat():
        return f"since {start}, which is long for one term, and nobody noted an end"
    return ""


def _doubt(holder: _Holder, why: str) -> Doubt:
    return Doubt(
        field="office",
        problem=f"{holder.text('personLabel')} ({holder.person}), {holder.text('posLabel')}: {why}",
        remedy=f"look at https://www.wikidata.org/wiki/{holder.person} and mend it there, or import"
        " them by file",
    )


def _all_doubtful(doubts: list[Doubt]) -> str:
    some = "; ".join(doubt.problem for doubt in doubts[:3])
    return f"all {len(doubts)} whom Wikidata names are doubtful, nothing was changed: {some}"


def _keys(ask: Asking, people: set[str]) -> dict[str, str]:
    """A key for everybody; whoever's item was merged keeps the key of the item we knew."""
    keys = {person: f"wikidata/{person}" for person in people}
    gone = sorted(key.rpartition("/")[2] for key in ask.known - set(keys.values()))
    for start in range(0, len(gone), _AT_ONCE):
        olds = " ".join(f"wd:{old}" for old in gone[start : start + _AT_ONCE])
        for row in _ask(ask, _MERGED % olds):
            old, new = _item(row, "old"), _item(row, "new")
            if old in gone and new in people and keys[new] not in ask.known:
                keys[new] = f"wikidata/{old}"
    return keys


def _add(batch: Batch, holder: _Holder, key: str, country: str) -> None:
    office, post = f"wikidata/{holder.office}", f"wikidata/{holder.office}/{holder.person}"
    role = holder.text("posLabel")
    if all(one.key != office for one in batch.organizations):
        batch.organizations.append(
            OrganizationRecord(
                key=office, name=role, classification=holder.kind, country=country,
                url=f"https://www.wikidata.org/wiki/{holder.office}",
            )
        )  # fmt: skip
    batch.posts.append(
        PostRecord(
            key=post, role=role[:200], kind=holder.kind, label=holder.text("districtLabel"),
            organization=office, area=f"ocd-division/country:{country}", country=country,
        )
    )  # fmt: skip
    batch.memberships.append(
        MembershipRecord(key=f"{post}/holder", person=key, post=post, organization=office)
    )
    if all(one.key != key for one in batch.people):
        batch.people.append(
            PersonRecord(
                key=key, name=holder.text("personLabel")[:200],
                party=holder.text("groupLabel")[:120], identifiers={"wikidata": holder.person},
            )
        )  # fmt: skip
        batch.contacts += _contacts(holder, key)


def _contacts(holder: _Holder, key: str) -> list[ContactRecord]:
    account = holder.text("x")
    found = (
        ("email", mail(holder.text("email"))),
        ("url", web(holder.text("site"))),
        ("voice", holder.text("phone")[:60]),
        ("x", account if _ACCOUNT.fullmatch(account) else ""),
    )
    return [
        ContactRecord(key=f"{key}/{type_}", owner=key, type=type_, value=value)
        for type_, value in found
        if value
    ]


SOURCE: Final = Refresh(
    info=SourceInfo(
        slug="wikidata_{country}",
        name="Wikidata: offices of {country}",
        url="https://query.wikidata.org/",
        licence="CC0 1.0",
        attribution="Wikidata",
        country="{country}",
    ),
    fetch=fetch,
    base="https://query.wikidata.org",
    least=1,
    country=True,
)
