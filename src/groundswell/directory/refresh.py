"""Refreshing a source: ask it, look whether the answer can be the truth, make it an edition."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from groundswell.base.errors import Trouble
from groundswell.directory import editions
from groundswell.directory.fetching.client import Client
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.models import Crossing, Edition, ImportRow, Person, Row
from groundswell.directory.records import Batch, SourceInfo
from groundswell.directory.sources import (
    ca_represent,
    de_bundestag,
    eu_parliament,
    gb_members,
    gb_postcodes,
    us_members,
    us_zcta,
    wikidata,
)
from groundswell.directory.sources.asking import Asking, Doubt, Refresh, Watch, refuse_few

MAY_VANISH: Final = 0.2
_FEW: Final = 5
SOURCES: Final[Mapping[str, Refresh]] = MappingProxyType(
    {
        "us_congress": us_members.SOURCE,
        "us_zip": us_zcta.SOURCE,
        "gb_members": gb_members.SOURCE,
        "gb_postcodes": gb_postcodes.SOURCE,
        "eu_parliament": eu_parliament.SOURCE,
        "ca_represent": ca_represent.SOURCE,
        "de_bundestag": de_bundestag.SOURCE,
        "wikidata": wikidata.SOURCE,
    }
)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a refresh did, or would do. `edition`: None when nothing is new, or nothing was done."""

    source: SourceInfo
    counts: editions.Counts
    people: int
    doubts: list[Doubt]
    edition: Edition | None = None


def refresh(
    *,
    name: str,
    client: Client,
    by: str,
    country: str = "",
    mirror: str = "",
    dry_run: bool = False,
    anyway: bool = False,
    watch: Watch = lambda _done, _total: None,
    loading: Watch = lambda _done, _total: None,
) -> Report:
    """Ask a source and make its answer the newest edition. Raises FetchFailed, and changes nothing
    then.

    An answer in which more than a fifth of what was there is missing, or that is smaller than the
    source ever is, is taken for a broken one unless `anyway` says otherwise. `watch` is told how
    far the asking is, `loading` how far the rows are.
    """
    way = find(name)
    info = _info(way, country)
    base = mirror or way.base
    if not base:
        raise Trouble(f"{name} has no fixed address: name it with --mirror, see docs/refresh.md")
    known = _known(Person, info)
    asking = Asking(client, base, country=country.lower(), known=known, watch=watch)
    fetched = way.fetch(asking)
    people = len(fetched.batch.people) or len(fetched.batch.crossings)
    if not anyway:
        refuse_few(people, way.least, "people" if fetched.batch.people else "postcodes")
        _refuse_missing(info, fetched.batch, known)
    report = Report(
        source=info,
        counts=editions.preview(source=info, batch=fetched.batch),
        people=people,
        doubts=fetched.doubts,
    )
    return report if dry_run else _load(report, fetched.batch, base, by, loading)


def find(name: str) -> Refresh:
    """The source of that name. Raises Trouble that lists them all."""
    if name not in SOURCES:
        raise Trouble(f"there is no source {name!r} to refresh: {', '.join(SOURCES)}")
    return SOURCES[name]


def _load(report: Report, batch: Batch, base: str, by: str, loading: Watch) -> Report:
    edition, counts = editions.load(
        source=report.source, batch=batch, by=by, file=base[:200], may_vanish=1.0, watch=loading
    )
    if edition:
        ImportRow.objects.bulk_create(
            ImportRow(
                edition=edition,
                number=number,
                field=doubt.field[:60],
                problem=doubt.problem[:300],
                remedy=doubt.remedy[:300],
            )
            for number, doubt in enumerate(report.doubts, 1)
        )
    return msgspec.structs.replace(report, edition=edition, counts=counts)


def _info(way: Refresh, country: str) -> SourceInfo:
    if not way.country:
        return way.info
    said = {
        name: value.format(country=country.lower()) if isinstance(value, str) else value
        for name, value in msgspec.structs.asdict(way.info).items()
    }
    return msgspec.convert(said, SourceInfo)


def _known(model: type[Row], info: SourceInfo) -> set[str]:
    rows = model.objects.filter(source__slug=info.slug, current=True)
    return set(rows.values_list("key", flat=True))


def _refuse_missing(info: SourceInfo, batch: Batch, people: set[str]) -> None:
    for word, before, now in (
        ("people", people, {one.key for one in batch.people}),
        ("postcodes", _known(Crossing, info), {one.key for one in batch.crossings}),
    ):
        gone = len(before - now)
        if gone > max(_FEW, MAY_VANISH * len(before)):
            raise FetchFailed(
                f"{gone} of the {len(before)} {word} of {info.slug} are missing from the answer: "
                "nothing was changed. After an election that may be right: then say --anyway"
            )
