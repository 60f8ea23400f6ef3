"""`groundswell rehearse …`: play a surge, see what it does, check that nothing was lost."""

import asyncio
import functools
import importlib
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Final

import msgspec

from groundswell.base import clock, env, keyring, passes
from groundswell.base.errors import Trouble
from groundswell.ops import django
from groundswell.ops.progress import Progress
from groundswell.ops.rehearse_words import Line, assumed, closing
from groundswell.rehearsal import page, plan, report, scenario, target
from groundswell.rehearsal.machine import Door, Machine
from groundswell.rehearsal.report_words import rate
from groundswell.rehearsal.result import Arrival, Result, as_json
from groundswell.rehearsal.run import Rehearsal, Tale
from groundswell.rehearsal.scenario import Scenario
from groundswell.rehearsal.target import Target
from groundswell.rehearsal.team import Setup, Team, processes_for
from groundswell.rehearsal.visitor import WATCH_SECONDS, Habits

DEFAULT_MINUTES: Final = 0.5
STALLED_SECONDS: Final = 30.0
ARRIVED_EVERY: Final = 2.0
_PASS_HOURS: Final = 12


class Ids(msgspec.Struct):
    """What was acknowledged, taken along to where the database is."""

    run: str
    ids: list[str]


def run(
    *,
    scenario: str,
    messenger: list[str],
    target: str,
    page: str,
    minutes: float | None,
    compress: float | None,
    processes: int,
    scale: float,
    gentle: bool,
    report: str,
    signed: str,
) -> int:
    """Rehearse. 1 when something acknowledged has not arrived. Raises Trouble.

    `messenger`: names of the roster, whose followers make the scenario instead.
    """
    played = _roster(messenger, scenario) if messenger else _found(scenario)
    seconds, squeezed = _pace(played, minutes, compress)
    if not (0 < scale <= 1000 and 0 <= processes <= 256):
        raise Trouble("--scale is a number up to 1000, --processes at most 256")
    settings = env.load()
    # Asked before anybody is sent anywhere: where to, and whether we may.
    place = _target(settings, target)
    name, token = _pass(settings, signed)
    arrived = None if signed else functools.partial(_rehearsed().arrived, run=name)
    pages = asyncio.run(_look(place, page))
    generators = processes or processes_for(sorted(os.sched_getaffinity(0)))
    own = _own_door(settings)
    direct = (own.address, own.port) == (place.address, place.port)
    tale = Tale(played, squeezed, scale, generators, direct=direct)
    setup = Setup(place, pages, _habits(played), token, name, seed=time.time_ns() % 1_000_000)
    print(_opening(tale, place, pages[0].path, seconds), flush=True)
    machine = _machine(settings, place, pages[0].path, arrived)
    acknowledged = _play(setup, machine, tale, seconds=seconds, gentle=gentle)
    folder = Path(report) if report else settings.path("rehearsals", name)
    folder.mkdir(parents=True, exist_ok=True)
    arrival = _arrival(name, acknowledged, folder, here=arrived is not None)
    return _tell(_result(settings, setup, tale, arrival), folder)


def _result(settings: env.Settings, setup: Setup, tale: Tale, arrival: Arrival) -> Result:
    """What there is to tell."""
    return Result(
        setup.run,
        f"{clock.now():%Y-%m-%d %H:%M} UTC",
        setup.target.origin,
        setup.pages[0].path,
        os.cpu_count() or 1,
        tale,
        plan.conclude(tale, mail_rate=settings.mail_per_second),
        arrival,
    )


def _play(
    setup: Setup, machine: Machine, tale: Tale, *, seconds: float, gentle: bool
) -> list[bytes]:
    """Play it; the ids that were acknowledged. Raises Trouble."""
    line = Line()
    team = Team(setup, processes=tale.processes)
    before = signal.signal(signal.SIGINT, _stopper(team))
    try:
        led = Rehearsal(team=team, machine=machine, tale=tale, show=line.show)
        led.play(seconds=seconds, stairs=not gentle)
    except EOFError as error:
        raise Trouble("the rehearsal broke off: one of its processes has died") from error
    finally:
        signal.signal(signal.SIGINT, before)
        line.end()
        team.close()
    return led.acknowledged


def _stopper(team: Team) -> Callable[[int, FrameType | None], None]:
    """Ctrl-C lets nobody else come, and the report tells what was; a second one ends it all."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        if team.stopped:
            raise KeyboardInterrupt
        team.stop()

    return stop


def listing() -> None:
    """The scenarios, with their figures and sources; then what earlier rehearsals left."""
    for one in scenario.shipped():
        curve = one.curve
        print(f"{one.name}: {one.title}")
        print(f"  {one.about}")
        print(
            f"  {one.visitors:,.0f} visitors in {one.hours.value:g} hours, at the peak "
            f"{curve.peak:,.1f} a second and {curve.peak * one.act_share.value * 60:,.0f} "
            "signatures a minute"
        )
        for field in ("followers", "click_share", "act_share"):
            figure = getattr(one, field)
            print(f"  {field} {figure.value:g}: {figure.source}")
        print()


def clear(*, run: str) -> None:
    """Remove what one rehearsal, or all of them, have stored."""
    django.prepared()
    rehearsed = _rehearsed()
    before = {one.name for one in rehearsed.runs()}
    if run and run not in before:
        raise Trouble(f"there is no rehearsal {run}; there are: {', '.join(sorted(before)) or '-'}")
    number = rehearsed.clear(run=run)
    print(f"{number} rehearsed submission{'' if number == 1 else 's'} removed.")


def issue() -> None:
    """A pass for a rehearsal from another machine, on a line of its own."""
    settings = env.load()
    print(_sign(settings, _name()))


def check(*, file: str) -> int:
    """Whether all that a rehearsal elsewhere was told has arrived here. 1 when not."""
    try:
        ids = msgspec.json.decode(Path(file).read_bytes(), type=Ids)
        acknowledged = [bytes.fromhex(one) for one in ids.ids]
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise Trouble(f"{file} is no list of a rehearsal's ids: {error}") from error
    django.prepared()
    arrival = wait_for(ids.run, acknowledged)
    print(closing(arrival))
    return int(not arrival.complete)


def wait_for(run: str, acknowledged: list[bytes]) -> Arrival:
    """Wait until everything has arrived, or nothing more does."""
    rehearsed = _rehearsed()
    began = changed = time.monotonic()
    total, last = len(acknowledged), -1
    progress = Progress("Waiting until everything acknowledged has arrived")
    missing = acknowledged
    while missing and time.monotonic() - changed < STALLED_SECONDS:
        arrived = rehearsed.arrived(run=run)
        if arrived != last:
            last, changed = arrived, time.monotonic()
        progress.show(min(arrived, total), total)
        if arrived >= total:
            missing = rehearsed.missing(run=run, acknowledged=acknowledged)
        if missing:
            time.sleep(0.3)
    missing = rehearsed.missing(run=run, acknowledged=acknowledged)
    progress.done()
    return Arrival(
        checked=True,
        acknowledged=total,
        arrived=rehearsed.arrived(run=run),
        missing=[one.hex() for one in missing],
        seconds=time.monotonic() - began,
    )


def _arrival(run: str, acknowledged: list[bytes], folder: Path, *, here: bool) -> Arrival:
    if here:
        try:
            return wait_for(run, acknowledged)
        except KeyboardInterrupt:
            print("\nNot waited for; the report says so.", flush=True)
    ids = Ids(run, [one.hex() for one in acknowledged])
    (folder / "ids.json").write_bytes(msgspec.json.encode(ids))
    return Arrival(checked=False, acknowledged=len(acknowledged))


def _tell(result: Result, folder: Path) -> int:
    (folder / "report.json").write_bytes(as_json(result))
    (folder / "report.html").write_text(report.page(result), encoding="utf-8")
    first, carried = result.findings.first, result.findings.carried
    print()
    print("The surge was borne." if result.findings.borne else "The surge was NOT borne.")
    print(f"What is the limit: {first.title}.")
    for line in filter(None, first.seen):
        print(f"  {line}")
    for line in result.findings.notices:
        print(line)
    visitors = rate(carried.visitors, more=carried.more_visitors, broke_at=carried.broke_at)
    print(f"Carried: {visitors} visitors a second; behind a CDN {carried.acts:,.0f} signatures.")
    print(closing(result.arrival))
    if not result.arrival.checked:
        print(f"Check it where the database is: groundswell rehearse check {folder / 'ids.json'}")
    else:
        print(f"`groundswell rehearse clear {result.run}` removes what it has stored.")
    print(f"Report: {folder / 'report.html'}", flush=True)
    return int(result.arrival.checked and not result.arrival.complete)


def _found(name: str) -> Scenario:
    return scenario.find(name)


def _roster(names: list[str], other: str) -> Scenario:
    """The surge these messengers would bring, with what was assumed printed."""
    if other != scenario.DEFAULT:
        raise Trouble("--messenger makes the scenario: do not name another")
    django.prepared()
    played: Scenario = importlib.import_module("groundswell.messengers.forecast").surge(*names)
    print("\n".join(assumed(played)))
    print()
    return played


def _pace(played: Scenario, minutes: float | None, compress: float | None) -> tuple[float, float]:
    """How many seconds the surge takes, and how many of the scenario's one of them stands for."""
    if minutes is not None and compress is not None:
        raise Trouble("--minutes and --compress say the same thing: give one of them")
    crest = played.curve.crest
    if compress is not None:
        if compress < 1:
            raise Trouble("--compress is 1 for real time, or more")
        return crest / compress, compress
    seconds = 60 * (DEFAULT_MINUTES if minutes is None else minutes)
    if seconds < 3:
        raise Trouble("--minutes is 0.05 or more")
    return min(seconds, crest), max(1.0, crest / seconds)


def _target(settings: env.Settings, url: str) -> Target:
    if url:
        return target.resolve(url, allowed=settings.rehearse_allow)
    place = _own_door(settings)
    target.check("this machine's door", [place.address], allowed=settings.rehearse_allow)
    return place


def _own_door(settings: env.Settings) -> Target:
    """Intake's own port, past all that may be in front of it."""
    return target.here(
        host=settings.host, port=settings.public_port, public_url=settings.public_url
    )


def _pass(settings: env.Settings, file: str) -> tuple[str, str]:
    """The run's name and its pass: from a file, or signed here, where the database is too."""
    if not file:
        django.prepared()
        name = _name()
        return name, _sign(settings, name)
    try:
        token = Path(file).read_text(encoding="ascii").strip()
        return passes.peek(token).run, token
    except (OSError, ValueError) as error:
        raise Trouble(f"{file} holds no pass of `groundswell rehearse pass`: {error}") from error


def _sign(settings: env.Settings, name: str) -> str:
    until = clock.now() + timedelta(hours=_PASS_HOURS)
    seed = keyring.secret(settings.path("keys"), "rehearsal")
    return passes.sign(passes.Pass(name, clock.to_ms(until)), seed=seed)


def _name() -> str:
    return f"{clock.now():%Y%m%d-%H%M%S}-{os.getpid() % 1000:03d}"


async def _look(place: Target, path: str) -> list[page.Page]:
    return await page.look(place, path or await page.find(place))


def _habits(played: Scenario) -> Habits:
    return Habits(
        act_share=played.act_share.value,
        watch_share=played.watch_share.value,
        think=played.think_seconds.value,
        looks=played.watch_minutes.value * 60 / WATCH_SECONDS,
        languages=played.languages.value,
        devices=played.devices.value,
    )


def _machine(settings: env.Settings, place: Target, path: str, arrived: Any) -> Machine:
    ports = []
    if place.is_here and settings.metrics_port:
        ports = [settings.metrics_port + number for number in range(settings.intake_workers)]
    folder = settings.path() if place.is_here and settings.path().exists() else None
    own = _own_door(settings)
    door = Door(own.address, own.port, own.authority, path)
    return Machine(
        metrics_ports=ports,
        door=door if ports else None,
        folder=folder,
        arrived=arrived,
        every=ARRIVED_EVERY,
    )


def _opening(tale: Tale, place: Target, path: str, seconds: float) -> str:
    curve = tale.scenario.curve
    return (
        f"{tale.scenario.title}: {place.origin}{path}\n"
        f"The {curve.crest / 60:,.0f} minutes around its peak in {seconds:.0f} s, at their true "
        f"rates: up to {curve.peak * tale.scale:,.1f} visitors a second"
        f"{'' if tale.scale == 1 else f' ({tale.scale:g} times the scenario)'}, from "
        f"{tale.processes} process{'' if tale.processes == 1 else 'es'}. Nothing of it counts."
    )


def _rehearsed() -> Any:
    return importlib.import_module("groundswell.people.rehearsed")
