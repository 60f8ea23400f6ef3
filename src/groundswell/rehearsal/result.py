"""The result of a rehearsal as a file: for programs, and for whoever compares two of them."""

from typing import Any, Final

import msgspec

from groundswell.rehearsal.measure import KINDS
from groundswell.rehearsal.plan import Findings
from groundswell.rehearsal.run import Tale

FORMAT: Final = 1


class Arrival(msgspec.Struct):
    """Whether everything acknowledged is in the database. `missing` are ids, in hex."""

    checked: bool
    acknowledged: int
    arrived: int = 0
    missing: list[str] = []
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Nothing that was acknowledged is missing, and somebody has looked."""
        return self.checked and not self.missing


class Result(msgspec.Struct):
    """All that a report tells."""

    run: str
    when: str
    target: str
    page: str
    cpus: int
    tale: Tale
    findings: Findings
    arrival: Arrival


def as_json(result: Result) -> bytes:
    """The result as JSON, with a row for each second and kind of request."""
    tale = result.tale
    plain: dict[str, Any] = {
        "format": FORMAT,
        "run": result.run,
        "when": result.when,
        "target": result.target,
        "page": result.page,
        "scenario": msgspec.to_builtins(tale.scenario),
        "played": {
            "seconds": tale.seconds,
            "compress": tale.compress,
            "scale": tale.scale,
            "processes": tale.processes,
            "cpus": result.cpus,
            "stopped": tale.stopped,
        },
        "findings": msgspec.to_builtins(result.findings),
        "acknowledged": tale.acknowledged,
        "gave_up": tale.gave_up,
        "arrival": {**msgspec.to_builtins(result.arrival), "complete": result.arrival.complete},
        "steps": [_step(step) for step in tale.steps],
        "seconds": _seconds(tale),
        "machine": msgspec.to_builtins(tale.samples),
        "own": {"lag_p99": tale.lag, "cpu": tale.own_cpu},
    }
    return msgspec.json.format(msgspec.json.encode(plain), indent=1)


def _step(step: Any) -> dict[str, Any]:
    return {
        "phase": step.phase,
        "rate": step.rate,
        "since": step.since,
        "until": step.until,
        "page_p50": step.page_p50,
        "page_p99": step.page_p99,
        "act_p99": step.act_p99,
        "lag_p99": step.lag_p99,
        "own_cpu": step.own_cpu,
        "carried": step.carried,
        "is_ours": step.is_ours,
        "requests": {"offered": step.requests.offered, "errors": step.requests.errors},
        "acts": {"offered": step.acts.offered, "errors": step.acts.errors},
    }


def _seconds(tale: Tale) -> list[dict[str, Any]]:
    rows = []
    for kind in KINDS:
        for second, cell in sorted(tale.grid.cells.get(kind, {}).items()):
            rows.append(
                {
                    "second": second,
                    "kind": kind,
                    "offered": cell.offered,
                    "good": cell.good,
                    "bytes": cell.size,
                    "errors": cell.errors,
                    "p50": cell.times.percentile(0.5),
                    "p90": cell.times.percentile(0.9),
                    "p99": cell.times.percentile(0.99),
                }
            )
    return rows
