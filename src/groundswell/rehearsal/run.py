"""A rehearsal from the first visitor to the last: the surge, then stairs to where it breaks.

The surge keeps its true rates. Compressed, it is shorter, with fewer visitors in all, and every
second of it is as hard as it would be.
"""

import math
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Final

import msgspec

from groundswell.rehearsal.crowd import NEWS_SECONDS, PATIENCE, Order
from groundswell.rehearsal.machine import Machine, Sample
from groundswell.rehearsal.measure import KINDS, Cell, Grid, News, Phase, Times
from groundswell.rehearsal.scenario import Scenario
from groundswell.rehearsal.team import Team

SLOT: Final = 0.25
STEP_SECONDS: Final = 2.5
STEP_GRACE: Final = 4.0
STEP_PACE: Final = 0.3  # seconds that thinking takes on the stairs
MAX_STEPS: Final = 14
TRIES: Final = 4
# What we call carried: nearly nobody refused, nobody kept waiting long.
MAX_ERRORS: Final = 0.01
MAX_PAGE: Final = 0.5
MAX_ACT: Final = 1.0
# From here on it is the rehearsal itself that cannot keep up.
MAX_LAG: Final = 0.1
MAX_OWN_CPU: Final = 0.9


class Step(msgspec.Struct):
    """One stretch at one rate (of visitors, or of submissions on the second stairs)."""

    phase: Phase
    rate: float
    since: int
    until: int
    requests: Cell
    acts: Cell
    page_p50: float
    page_p99: float
    act_p99: float
    lag_p99: float
    own_cpu: float
    repeated: bool = False  # and then it was well: a hiccup

    @property
    def errors(self) -> float:
        """The share of requests that went wrong, of pages or of submissions, whichever is more."""
        return max(one.bad / max(1, one.offered) for one in (self.requests, self.acts))

    @property
    def is_ours(self) -> bool:
        """Whether the rehearsal itself could not keep up."""
        no_port = "no_port" in self.requests.errors or "no_port" in self.acts.errors
        return no_port or self.lag_p99 > MAX_LAG or self.own_cpu > MAX_OWN_CPU

    @property
    def carried(self) -> bool:
        """Whether the installation bore it."""
        slow = self.page_p99 > MAX_PAGE or self.act_p99 > MAX_ACT
        return self.errors <= MAX_ERRORS and not slow


class Tale(msgspec.Struct):
    """Everything that was seen, for the report to make sense of.

    `direct`: the visitors went to intake's own port, with nothing in front of it.
    """

    scenario: Scenario
    compress: float
    scale: float
    processes: int
    grid: Grid = msgspec.field(default_factory=Grid)
    steps: list[Step] = []
    samples: list[Sample] = []
    lag: dict[int, float] = {}
    own_cpu: dict[int, float] = {}
    seconds: float = 0.0
    gave_up: int = 0
    acknowledged: int = 0
    stopped: bool = False
    sees_the_door: bool = False
    direct: bool = False


class Now(msgspec.Struct, frozen=True):
    """What the progress line shows."""

    phase: Phase
    at: float
    seconds: float
    rate: float
    requests: float
    acts: float
    p99: float
    errors: int
    flying: int


class Rehearsal:
    """Leads a team through the phases. `acknowledged` are the ids that came back."""

    def __init__(
        self, *, team: Team, machine: Machine, tale: Tale, show: Callable[[Now], None]
    ) -> None:
        self.tale = tale
        self.acknowledged: list[bytes] = []
        self._team = team
        self._machine = machine
        self._show = show
        self._lag: dict[int, Times] = {}
        self._cpu: dict[int, float] = {}
        self._flying: dict[int, int] = {}
        self._shown = 0.0

    def play(self, *, seconds: float, stairs: bool) -> None:
        """All of it. Ctrl-C stops what is going on and leaves out the rest."""
        self._began = time.monotonic()
        self._machine.start(self._began)
        try:
            surge = self._surge(seconds)
            if stairs:
                whole = self._climb("whole", self._first(surge))
                self._climb("acts", max(10.0, whole * self.tale.scenario.act_share.value))
        finally:
            self._machine.stop()
            tale = self.tale
            tale.samples = self._machine.samples()
            tale.sees_the_door = self._machine.sees_the_door
            tale.lag = {at: times.percentile(0.99) for at, times in sorted(self._lag.items())}
            tale.own_cpu = dict(sorted(self._cpu.items()))
            tale.seconds = time.monotonic() - self._began
            tale.acknowledged = len(self.acknowledged)
            tale.stopped = self._team.stopped

    def _surge(self, seconds: float) -> Step:
        tale = self.tale
        curve = tale.scenario.curve
        slots = max(1, round(seconds / SLOT))
        rates = [tale.scale * curve.rate((n + 0.5) * SLOT * tale.compress) for n in range(slots)]
        rate, pace = max(rates), 1 / tale.compress
        return self._step("surge", rates, rate=rate, pace=pace, tries=TRIES, grace=PATIENCE)

    def _first(self, surge: Step) -> float:
        """Where to begin to climb: at the surge's own peak if that was borne, else far below."""
        return max(5.0, surge.rate if surge.carried else surge.rate / 16)

    def _climb(self, phase: Phase, rate: float) -> float:
        """Twice the rate at each step until it breaks, then once between; the best that held."""
        best, broken = 0.0, math.inf
        for _ in range(MAX_STEPS):
            if self._team.stopped:
                break
            if self._holds(phase, rate):
                best = rate
            else:
                broken = rate
            if broken < math.inf and (best or rate < 2) and broken / max(best, 0.1) < 1.7:
                break
            if broken == math.inf:
                rate *= 2
            else:
                rate = math.sqrt(best * broken) if best else rate / 4
                if rate < 0.5:
                    break
        return best or rate

    def _holds(self, phase: Phase, rate: float) -> bool:
        """Whether a rate is borne. One hiccup is none: what breaks must break twice."""
        first = self._flat(phase, rate)
        if first.carried and not first.is_ours:
            return True
        if self._team.stopped:
            return False
        second = self._flat(phase, rate)
        first.repeated = second.carried and not second.is_ours
        return first.repeated

    def _flat(self, phase: Phase, rate: float) -> Step:
        rates = [rate] * round(STEP_SECONDS / SLOT)
        pace = STEP_PACE / max(1.0, self.tale.scenario.think_seconds.value)
        return self._step(phase, rates, rate=rate, pace=pace, tries=1, grace=STEP_GRACE)

    def _step(
        self, phase: Phase, rates: list[float], *, rate: float, pace: float, tries: int,
        grace: float,
    ) -> Step:  # fmt: skip
        since = math.ceil(time.monotonic() - self._began + 0.3)
        order = Order(
            begins=self._began + since,
            zero=since,
            slot=SLOT,
            rates=rates,
            acts_only=phase == "acts",
            tries=tries,
            grace=grace,
            pace=pace,
        )
        self._phase = phase, since, rates
        self._team.play(order, self._hear)
        if self._team.stopped:
            # What was not played was not borne.
            played = math.ceil((time.monotonic() - self._began - since) / SLOT)
            rate = max(rates[: max(1, played)])
        step = self._judge(phase, rate, since)
        self.tale.steps.append(step)
        return step

    def _judge(self, phase: Phase, rate: float, since: int) -> Step:
        until = math.ceil(time.monotonic() - self._began)
        grid, own = self.tale.grid, Times()
        for at in range(since, until):
            own.merge(self._lag.get(at, Times()))
        requests = grid.sum(("page", "asset", "count"), since=since, until=until)
        acts = grid.sum(("act",), since=since, until=until)
        pages = grid.sum(("page",), since=since, until=until).times
        others = grid.sum(("asset", "count"), since=since, until=until).times
        return Step(
            phase=phase,
            rate=rate,
            since=since,
            until=until,
            requests=requests,
            acts=acts,
            page_p50=pages.percentile(0.5),
            page_p99=max(pages.percentile(0.99), others.percentile(0.99)),
            act_p99=acts.times.percentile(0.99),
            lag_p99=own.percentile(0.99),
            own_cpu=self._own_cpu(since, until),
        )

    def _own_cpu(self, since: int, until: int) -> float:
        """The busiest two seconds of our processes, as a share of a core each."""
        shares = [self._cpu.get(at, 0.0) for at in range(since, until)]
        pairs = [(a + b) / 2 for a, b in pairwise(shares)]
        return max(pairs or shares or [0.0])

    def _hear(self, number: int, news: News) -> None:
        tale, now = self.tale, time.monotonic() - self._began
        tale.grid.merge(news.grid)
        tale.gave_up += news.gave_up
        self.acknowledged += news.acknowledged
        self._lag.setdefault(int(now), Times()).merge(news.lag)
        self._cpu[int(now)] = self._cpu.get(int(now), 0.0) + news.cpu / self._team.size
        self._flying[number] = news.flying
        if now - self._shown >= NEWS_SECONDS:
            self._shown = now
            self._show(self._now(now))

    def _now(self, now: float) -> Now:
        phase, since, rates = self._phase
        last = math.floor(now) - 1
        recent = self.tale.grid.sum(KINDS, since=last - 1, until=last + 1)
        acts = self.tale.grid.sum(("act",), since=last - 1, until=last + 1)
        every = self.tale.grid.sum(KINDS, since=since)
        slot = min(len(rates) - 1, max(0, int((now - since) / SLOT)))
        return Now(
            phase=phase,
            at=now - since,
            seconds=len(rates) * SLOT,
            rate=rates[slot],
            requests=recent.good / 2,
            acts=acts.good / 2,
            p99=recent.times.percentile(0.99),
            errors=every.bad,
            flying=sum(self._flying.values()),
        )
