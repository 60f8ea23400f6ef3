"""Members of Congress as the @unitedstates project publishes them every day."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec

from groundswell.base import clock
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.sources import us
from groundswell.directory.sources.asking import Asking, Fetched, Refresh, web
from groundswell.directory.sources.us_congress import congress


class _Id(msgspec.Struct):
    bioguide: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]\d{6}$")]


class _Name(msgspec.Struct):
    first: str
    last: str


class _Term(msgspec.Struct):
    """The last term. `district` is a representative's, `class_` a senator's."""

    type: Literal["rep", "sen"]
    state: str
    start: date
    end: date
    district: int | None = None
    class_: Literal[1, 2, 3] | None = msgspec.field(name="class", default=None)


_LINKS: Final = ("url", "contact_form")
_Rows = list[dict[str, Any]]
_STEPS: Final = 5


def fetch(ask: Asking) -> Fetched:
    """All members with their offices, accounts and committees; the forms are those we ship."""
    files = congress.Files(
        members=_rows(ask, 1, "/legislators-current.json"),
        offices=_rows(ask, 2, "/legislators-district-offices.json"),
        social=_rows(ask, 3, "/legislators-social-media.json"),
        committees=_rows(ask, 4, "/committees-current.json"),
        forms=congress.files().forms,
    )
    found = ask.json("/committee-membership-current.json", dict[str, _Rows])
    seats: dict[str, Iterable[dict[str, Any]]] = {**found}
    ask.watch(_STEPS, _STEPS)
    try:
        for member in files.members:
            _check(member)
            _clean(member)
        files.seats = list(congress.seats_of(seats))
        due = _ends(files.members)
        return Fetched(batch=congress.convert(files, as_of=clock.now().date(), due_on=due))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise FetchFailed(
            f"{ask.base} has members in another shape than it used to: {error!r}"
        ) from error


def _rows(ask: Asking, step: int, path: str) -> _Rows:
    rows = ask.json(path, _Rows)
    ask.watch(step, _STEPS)
    if not rows:
        raise FetchFailed(f"{ask.base}{path} is empty")
    return rows


def _check(member: dict[str, Any]) -> None:
    """Raises ValueError for somebody who cannot be placed on a seat."""
    msgspec.convert(member["id"], _Id)
    msgspec.convert(member["name"], _Name)
    term = msgspec.convert(member["terms"][-1], _Term)
    seats = us.STATES[term.state.lower()].seats
    if term.type == "sen" and term.class_ is None:
        raise ValueError(f"{member['id']['bioguide']} is a senator without a class")
    if term.type == "rep" and not (term.district is not None and 0 <= term.district <= seats):
        raise ValueError(f"{member['id']['bioguide']} has no district")


def _clean(member: dict[str, Any]) -> None:
    """What becomes a link must be one."""
    term = member["terms"][-1]
    for name in _LINKS:
        if term.get(name):
            term[name] = web(term[name])


def _ends(members: _Rows) -> date:
    """The day on which the terms of the House end."""
    ends = [one["terms"][-1]["end"] for one in members if one["terms"][-1]["type"] == "rep"]
    return date.fromisoformat(max(ends)) if ends else us.CONGRESS_ENDS


SOURCE: Final = Refresh(
    info=congress.INFO,
    fetch=fetch,
    base="https://unitedstates.github.io/congress-legislators",
    least=500,
)
