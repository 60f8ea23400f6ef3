"""What follows from a rehearsal: what was carried, what broke first, what is needed."""

import math
from typing import Final

import msgspec

from groundswell.rehearsal.diagnosis import SLOW_COMMIT, SLOW_PAGE, Verdict, diagnose
from groundswell.rehearsal.machine import Sample
from groundswell.rehearsal.measure import Phase
from groundswell.rehearsal.run import Step, Tale
from groundswell.rehearsal.scenario import Scenario

HEADROOM: Final = 2.0
PATIENT_MINUTES: Final = 10.0  # within which whoever signed should find our mail
_MINUTE: Final = 60.0


class Carried(msgspec.Struct, frozen=True):
    """The highest rates a second that were borne. `more`: it would have borne more than we sent."""

    visitors: float
    requests: float
    acts_among: float
    acts: float
    more_visitors: bool
    more_acts: bool
    broke_at: float | None


class Need(msgspec.Struct, frozen=True):
    """What the scenario asks for at its true peak, and what that takes."""

    visitors: float
    requests: float
    acts: float
    nodes_alone: int
    nodes_behind_cdn: int
    cdn_share: float
    cdn_requests: float
    cdn_mbit: float
    gigabytes: float


class Mail(msgspec.Struct, frozen=True):
    """The confirmation mails of the whole scenario, in seconds. `queue` is sampled for a plot."""

    number: float
    rate: float
    longest_queue: float
    longest_wait: float
    empty_after: float
    wanted_rate: float
    queue: list[tuple[float, float]]


class Findings(msgspec.Struct, frozen=True):
    """All of it."""

    borne: bool
    first: Verdict
    phases: dict[str, Verdict]
    notices: list[str]
    carried: Carried
    need: Need
    mail: Mail
    drain_rate: float | None


def conclude(tale: Tale, *, mail_rate: float) -> Findings:
    """The findings of a rehearsal."""
    surge = tale.steps[0]
    phases: dict[str, Verdict] = {step.phase: diagnose(tale, step) for step in _limits(tale)}
    carried = _carried(tale)
    if not surge.carried:
        first = phases["surge"]
    else:
        first = phases.get("whole") or phases.get("acts") or diagnose(tale, surge)
    return Findings(
        borne=surge.carried,
        first=first,
        phases=phases,
        notices=notices(tale),
        carried=carried,
        need=_need(tale, carried),
        mail=queue(tale.scenario, rate=mail_rate, scale=tale.scale),
        drain_rate=_drain_rate(tale.samples),
    )


def _limits(tale: Tale) -> list[Step]:
    """For each phase the step that shows its limit: the gentlest that was not borne."""
    found = []
    for phase in ("surge", "whole", "acts"):
        steps = [step for step in tale.steps if step.phase == phase and not step.repeated]
        broken = [step for step in steps if not step.carried or (step.is_ours and phase != "surge")]
        if broken:
            found.append(min(broken, key=lambda step: step.rate))
        elif phase == "surge" or steps:
            found.append(max(steps, key=lambda step: step.rate))
    return found


def notices(tale: Tale) -> list[str]:
    """What broke nothing today and is worth a look all the same."""
    surge = tale.steps[0]
    during = [one for one in tale.samples if surge.since < one.at <= surge.until]
    commits = sum(one.commits for one in during)
    each = sum(one.written for one in during) / commits if commits else 0.0
    found = []
    if each >= SLOW_COMMIT:
        found.append(
            f"The journal's disk is slow: {each * 1000:.0f} ms for each wait, where a good one "
            "takes 1 to 3. Every thank-you waits for it."
        )
    answers = sorted(one.answer for one in during if one.answer is not None)
    if answers and answers[len(answers) // 2] >= SLOW_PAGE:
        found.append(
            f"Intake itself took {answers[len(answers) // 2] * 1000:.0f} ms and more to send the "
            "page, half of the times it was asked: it should take a few."
        )
    if surge.carried and surge.page_p50 >= SLOW_PAGE:
        found.append(
            f"Half of the visitors waited {surge.page_p50 * 1000:.0f} ms or more for the page."
        )
    return found


def _best(tale: Tale, phase: Phase) -> Step | None:
    held = [one for one in tale.steps if one.phase == phase and one.carried and not one.is_ours]
    return max(held, key=lambda one: one.rate) if held else None


def _carried(tale: Tale) -> Carried:
    surge = tale.steps[0]
    whole = _best(tale, "whole") or (surge if surge.carried else None)
    acts = _best(tale, "acts")
    share = tale.scenario.act_share.value
    visitors = whole.rate if whole else 0.0
    among = visitors * share
    return Carried(
        visitors=visitors,
        requests=visitors * _requests_each(tale),
        acts_among=among,
        acts=max(acts.rate if acts else 0.0, among),
        more_visitors=_more(tale, "whole"),
        more_acts=_more(tale, "acts"),
        broke_at=_broke_at(tale),
    )


def _broke_at(tale: Tale) -> float | None:
    """The lowest rate of visitors that was too much."""
    broken = [one.rate for one in tale.steps if one.phase != "acts" and not one.carried]
    return min(broken, default=None)


def _more(tale: Tale, phase: Phase) -> bool:
    """Whether a phase ended without the installation's limit being found."""
    steps = [one for one in tale.steps if one.phase == phase and not one.repeated]
    broken = [one for one in steps if not one.carried or one.is_ours]
    return not broken or all(diagnose(tale, one).code == "rehearsal" for one in broken)


def _requests_each(tale: Tale) -> float:
    """Requests of one visitor, the sending of the form not counted."""
    visitors = tale.grid.sum(("page",)).offered
    every = tale.grid.sum(("page", "asset", "count")).offered
    return every / max(1, visitors)


def _need(tale: Tale, carried: Carried) -> Need:
    scenario = tale.scenario
    visitors = scenario.curve.peak * tale.scale
    acts = visitors * scenario.act_share.value
    each = _requests_each(tale)
    bytes_each = tale.grid.sum(("page", "asset", "count")).size / max(
        1, tale.grid.sum(("page",)).offered
    )
    return Need(
        visitors=visitors,
        requests=visitors * each,
        acts=acts,
        nodes_alone=_nodes(visitors, carried.visitors),
        nodes_behind_cdn=_nodes(acts, carried.acts),
        cdn_share=each / (each + scenario.act_share.value),
        cdn_requests=visitors * each,
        cdn_mbit=visitors * bytes_each * 8 / 1e6,
        gigabytes=scenario.visitors * tale.scale * bytes_each / 1e9,
    )


def _nodes(needed: float, carried: float) -> int:
    """How many of what was rehearsed; 0 when it carried nothing at all."""
    return math.ceil(needed * HEADROOM / carried) if carried else 0


def queue(scenario: Scenario, *, rate: float, scale: float) -> Mail:
    """The queue of confirmation mails over the whole scenario at `rate` mails a second."""
    number = scenario.visitors * scenario.act_share.value * scale
    highest = scenario.curve.peak * scenario.act_share.value * scale
    low, high = 0.0, max(highest, 0.001)
    for _ in range(30):
        middle = (low + high) / 2
        if _play_queue(scenario, middle, scale)[1] > PATIENT_MINUTES * _MINUTE:
            low = middle
        else:
            high = middle
    longest, wait, empty, samples = _play_queue(scenario, rate, scale)
    return Mail(
        number=number,
        rate=rate,
        longest_queue=longest,
        longest_wait=wait,
        empty_after=empty,
        wanted_rate=high,
        queue=samples,
    )


def _play_queue(
    scenario: Scenario, rate: float, scale: float
) -> tuple[float, float, float, list[tuple[float, float]]]:
    """Longest queue, longest wait, when the last mail is out, and the queue minute by minute."""
    curve, share = scenario.curve, scenario.act_share.value * scale
    waiting, longest, at, empty = 0.0, 0.0, 0.0, 0.0
    samples: list[tuple[float, float]] = []
    before = 0.0
    while at < curve.length or waiting > 0:
        at += _MINUTE
        came = curve.until(at)
        waiting = max(0.0, waiting + (came - before) * share - rate * _MINUTE)
        before = came
        longest = max(longest, waiting)
        if waiting > 0:
            empty = at + _MINUTE
        samples.append((at, waiting))
        if len(samples) > 20_000:
            break
    return longest, longest / rate, empty, samples


def _drain_rate(samples: list[Sample]) -> float | None:
    """The fastest that rows appeared over five seconds; None when nobody could look."""
    known = [(one.at, one.arrived) for one in samples if one.arrived is not None]
    best = 0.0
    for at, arrived in known:
        later = next(((t, n) for t, n in known if t >= at + 5), None)
        if later:
            best = max(best, (later[1] - arrived) / (later[0] - at))
    return best if known else None
