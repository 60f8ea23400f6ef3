"""Countries (Open Civic Data), the American states, and offices known to Wikidata.

Nobody who holds these offices is named: they are written to as an office, and an import brings the
address.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from groundswell.directory.folding import slug
from groundswell.directory.records import (
    AreaRecord,
    Batch,
    OrganizationRecord,
    PostRecord,
    SourceInfo,
)
from groundswell.directory.sources import packed, us

AS_OF: Final = date(2026, 3, 19)
# Wikidata's labels are of 2022: nobody has compared them since.
INFO: Final = SourceInfo(
    slug="offices",
    name="Countries (Open Civic Data) and offices (Wikidata)",
    url="https://github.com/opencivicdata/ocd-division-ids",
    licence="CC0 1.0",
    attribution="Open Civic Data, Wikidata",
    vouches=False,
)
_HERE: Final = Path(__file__).parent


def batch() -> Batch:
    """What ships with Groundswell."""
    made = Batch(as_of=AS_OF, areas=[*_countries(), *_states()])
    organizations = dict[str, OrganizationRecord]()
    for qid, kind, label, country, jurisdiction in _positions():
        organization = OrganizationRecord(
            key=f"org/{slug(jurisdiction)}", name=jurisdiction, country=country,
            classification="government" if country else "international",
        )  # fmt: skip
        organizations[organization.key] = organization
        post = PostRecord(
            key=f"office/{qid}", role=label, kind=kind, label=jurisdiction, office=True,
            organization=organization.key, country=country,
            area=f"ocd-division/country:{country}" if country else "",
        )  # fmt: skip
        made.posts.append(post)
    made.organizations = list(organizations.values())
    return made


def _countries() -> Iterator[AreaRecord]:
    for key, name in packed.tsv(_HERE, "countries.tsv.gz"):
        yield AreaRecord(
            key=key, name=name, classification="country", country=key.rpartition(":")[2],
            checked_on=AS_OF,
        )  # fmt: skip


def _states() -> Iterator[AreaRecord]:
    for state in us.STATES.values():
        yield AreaRecord(
            key=state.division, name=state.name, classification=state.part, country="us",
            parent=us.COUNTRY, redrawn_on=us.CONGRESS_ENDS if state.code in us.REDRAWN else None,
        )  # fmt: skip


def _positions() -> Iterator[list[str]]:
    with (_HERE / "data" / "positions.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows
