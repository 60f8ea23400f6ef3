"""Calls to each decision maker, with the names that the directory knows."""

from typing import Any

from groundswell.directory.queries import targets
from groundswell.studio.delivery import totals
from groundswell.studio.delivery.totals import Calls


def call_rows(calls: list[Calls]) -> list[dict[str, Any]]:
    """A row for each decision maker: who, and how often each outcome."""
    known = targets([one.target for one in calls])
    return [
        {
            "target": one.target,
            "name": known[one.target].name if one.target in known else one.target,
            "under": known[one.target].role if one.target in known else "",
            "outcomes": totals.outcomes(one),
            "all": one.all,
        }
        for one in calls
    ]


def sums(calls: list[Calls]) -> list[tuple[str, str, int]]:
    """The outcomes of all calls of a page together."""
    whole = Calls("", {})
    for one in calls:
        for outcome, number in one.outcomes.items():
            whole.outcomes[outcome] = whole.outcomes.get(outcome, 0) + number
    return totals.outcomes(whole)
