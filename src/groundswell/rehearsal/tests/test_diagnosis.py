"""Verdicts: each kind of trouble is named, and none of them when the signs of it are away."""

from typing import Any

import pytest

from groundswell.rehearsal import plan, report, scenario
from groundswell.rehearsal.diagnosis import diagnose
from groundswell.rehearsal.machine import Sample
from groundswell.rehearsal.measure import Cell, Times
from groundswell.rehearsal.result import Arrival, Result, as_json
from groundswell.rehearsal.run import Step, Tale

WELL: dict[str, Any] = {
    "cpu": 0.4, "disk": 0.1, "door": 0.2, "commits": 20.0, "written": 0.04, "writing": 0.08,
    "commit": 0.002, "answer": 0.003, "waiting": 1.0, "can_store": True,
}  # fmt: skip


def cell(offered: int = 1000, **errors: int) -> Cell:
    times = Times()
    times.add(0.01)
    return Cell(offered, offered - sum(errors.values()), 10_000, errors, times)


def step(**changes: Any) -> Step:
    values: dict[str, Any] = {
        "phase": "surge", "rate": 60.0, "since": 1, "until": 11, "requests": cell(),
        "acts": cell(300), "page_p50": 0.004, "page_p99": 0.02, "act_p99": 0.05, "lag_p99": 0.002,
        "own_cpu": 0.2, **changes,
    }  # fmt: skip
    return Step(**values)


def tale(one: Step, **machine: Any) -> Tale:
    samples = [Sample(at=1 + number / 2, **{**WELL, **machine}) for number in range(1, 20)]
    made = Tale(scenario.find("two-networks"), 100, 1, 1, steps=[one], samples=samples)
    made.grid.at("page", 1).merge(cell(50))
    made.grid.at("asset", 1).merge(cell(200))
    made.sees_the_door = machine.get("door", 0) is not None
    return made


def code(one: Step, **machine: Any) -> str:
    return diagnose(tale(one, **machine), one).code


SLOW_ACTS = step(act_p99=3.0)
SLOW_ALL = step(page_p50=1.0, page_p99=3.0, act_p99=3.0)
SLOW_DISK: dict[str, Any] = {"commits": 1.0, "written": 0.5, "writing": 1.0, "commit": 0.5}
BLIND: dict[str, Any] = {
    "door": None, "writing": None, "commit": None, "commits": 0.0, "written": 0.0, "answer": None,
    "waiting": None, "can_store": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("one", "machine", "verdict"),
    [
        (step(), {}, "none"),
        (SLOW_ACTS, SLOW_DISK, "disk"),
        (SLOW_ACTS, {**SLOW_DISK, "cpu": 1.0}, "disk"),
        (step(act_p99=3.0, lag_p99=0.5), SLOW_DISK, "disk"),
        (SLOW_ACTS, {"commits": 0.0, "written": 0.0, "waiting": 40.0}, "disk"),
        (SLOW_ALL, {"door": 0.97, "answer": 0.9}, "door"),
        (SLOW_ALL, {"door": 0.97, "answer": 0.9, **SLOW_DISK}, "door"),
        (SLOW_ALL, {}, "front"),
        (SLOW_ALL, {"cpu": 1.0}, "front"),
        (step(page_p50=1.0, page_p99=3.0, lag_p99=0.12, own_cpu=0.3), {}, "front"),
        (step(page_p50=1.0, page_p99=3.0, lag_p99=0.4, own_cpu=0.95), {}, "rehearsal"),
        (SLOW_ALL, {"answer": 0.9}, "starved"),
        (SLOW_ALL, {"answer": 0.9, "cpu": 1.0}, "machine"),
        (SLOW_ACTS, {}, "acts"),
        (SLOW_ACTS, BLIND, "storing"),
        (SLOW_ALL, BLIND, "front"),
        (step(lag_p99=0.4, own_cpu=0.95), {}, "rehearsal"),
        (step(lag_p99=0.4, own_cpu=0.1), {"cpu": 1.0}, "machine"),
        (step(acts=cell(300, busy=30)), {}, "queue"),
        (step(acts=cell(300, busy=30)), {"can_store": False}, "store"),
        (step(acts=cell(300, too_many=30)), {}, "limits"),
        (step(acts=cell(300, refused_pass=300)), {}, "pass"),
        (step(requests=cell(1000, connect=500)), {}, "down"),
    ],
)
def test_it_names_the_trouble(one: Step, machine: dict[str, Any], verdict: str) -> None:
    assert code(one, **machine) == verdict


def test_it_sees_a_disk_whose_waits_are_longer_than_our_looks() -> None:
    slow = tale(SLOW_ACTS, commits=0.0, written=0.0, waiting=9.0)
    slow.samples[6] = Sample(at=4.5, **{**WELL, "commits": 1.0, "written": 3.0, "waiting": 9.0})
    slow.samples[12] = Sample(at=7.5, **{**WELL, "commits": 1.0, "written": 3.0, "waiting": 9.0})
    assert diagnose(slow, SLOW_ACTS).code == "disk"


def test_it_notices_a_slow_disk_that_broke_nothing() -> None:
    found = plan.conclude(tale(step(), **SLOW_DISK), mail_rate=20)
    assert found.borne
    assert "500 ms" in found.notices[0]
    assert plan.conclude(tale(step()), mail_rate=20).notices == []


def test_it_counts_what_is_needed_from_what_was_carried() -> None:
    told = tale(step())
    told.steps += [
        step(phase="whole", rate=20.0),
        step(phase="whole", rate=40.0, page_p99=9.0),
        step(phase="acts", rate=50.0),
        step(phase="acts", rate=100.0, act_p99=9.0),
    ]
    found = plan.conclude(told, mail_rate=20)
    peak = told.scenario.curve.peak
    assert (found.carried.visitors, found.carried.acts) == (20, 50)
    assert found.need.visitors == peak
    assert found.need.nodes_alone == -(-peak * 2 // 20)
    assert found.need.nodes_behind_cdn == 1
    assert not found.carried.more_visitors


def test_it_knows_how_long_mails_will_wait() -> None:
    one = scenario.find("two-networks")
    slow, fast = plan.queue(one, rate=0.5, scale=1), plan.queue(one, rate=1000, scale=1)
    assert slow.number == pytest.approx(one.visitors * one.act_share.value)
    assert slow.empty_after == pytest.approx(slow.number / 0.5, rel=0.01)
    assert slow.longest_wait > 3600
    assert (fast.longest_queue, fast.longest_wait) == (0, 0)
    wanted = plan.queue(one, rate=slow.wanted_rate, scale=1)
    assert wanted.longest_wait == pytest.approx(plan.PATIENT_MINUTES * 60, rel=0.02)


@pytest.mark.parametrize(
    ("arrival", "said"),
    [
        (Arrival(True, 90, 90), "all of them"),
        (Arrival(True, 90, 89, ["ab" * 16]), "abab"),
        (Arrival(False, 90), "was not checked"),
    ],
)
def test_it_reports_what_it_found_and_loads_nothing(arrival: Arrival, said: str) -> None:
    told = tale(SLOW_ACTS, **SLOW_DISK)
    found = plan.conclude(told, mail_rate=2)
    result = Result("r-1", "today", "http://localhost", "/<en>/", 2, told, found, arrival)
    html = report.page(result)
    assert "The surge was not borne" in html
    assert "The journal&#x27;s disk is too slow" in html
    assert said in html
    assert "/&lt;en&gt;/" in html
    assert "<script" not in html
    assert "src=" not in html
    assert "url(" not in html
    assert b'"code": "disk"' in as_json(result)


@pytest.mark.parametrize("machine", [{}, {"answer": None}, BLIND])
def test_it_blames_nothing_in_front_of_a_door_that_was_asked_itself(
    machine: dict[str, Any],
) -> None:
    made = tale(SLOW_ALL, **machine)
    assert diagnose(made, SLOW_ALL).code == "front"
    made.direct = True
    assert diagnose(made, SLOW_ALL).code == "starved"
    slow = tale(SLOW_ALL, **SLOW_DISK)
    slow.direct = True
    assert diagnose(slow, SLOW_ALL).code == "disk"
