"""What a rehearsal says in the terminal: a line that moves, and how it ended."""

import sys
import time

from groundswell.rehearsal.result import Arrival
from groundswell.rehearsal.run import Now
from groundswell.rehearsal.scenario import Scenario

_PHASES = {"surge": "the surge", "whole": "stairs", "acts": "stairs, signing alone"}
LOG_SECONDS = 2.0


class Line:
    """How it goes, rewritten in place on a terminal, said now and then in a log."""

    def __init__(self) -> None:
        self._in_place = sys.stdout.isatty()
        self._shown = 0.0

    def show(self, now: Now) -> None:
        text = (
            f"{_PHASES[now.phase]} {max(0, now.at):.0f} of {now.seconds:.0f} s · "
            f"{now.rate:,.1f} {'signatures' if now.phase == 'acts' else 'visitors'}/s meant · "
            f"{now.requests:,.0f} answers/s · {now.acts:,.0f} signatures/s acknowledged · "
            f"99 of 100 in {now.p99 * 1000:,.0f} ms · {now.errors:,} failed"
        )
        if self._in_place:
            print(f"\r\x1b[2K{text}", end="", flush=True)
        elif time.monotonic() - self._shown > LOG_SECONDS:
            self._shown = time.monotonic()
            print(text, flush=True)

    def end(self) -> None:
        if self._in_place:
            print(flush=True)


def closing(arrival: Arrival) -> str:
    """Whether everything acknowledged arrived, in one line."""
    number = f"{arrival.acknowledged:,} acknowledged"
    if not arrival.checked:
        return f"{number}; whether they arrived was not checked."
    if arrival.missing:
        return (
            f"{number}, {len(arrival.missing):,} of them MISSING, the first is "
            f"{arrival.missing[0]}. Is core running? `groundswell quarantine` shows what it "
            "could not read."
        )
    more = arrival.arrived - arrival.acknowledged
    extra = f" ({more:,} more arrived whose answer never came)" if more > 0 else ""
    return f"{number}, all of them arrived{extra}."


def assumed(played: Scenario) -> list[str]:
    """What a scenario rests on, figure by figure, each with its source."""
    lines = [f"What is assumed of {played.title}:"]
    lines += [f"  followers {played.followers.value:,.0f}: {played.followers.source}"]
    shares = played.click_share.source.split("; ")
    lines += [
        f"  of them come {played.click_share.value * 100:.3g} %, in all {played.visitors:,.0f}"
    ]
    lines += [f"    {share}" for share in shares]
    for name in ("hours", "minutes_to_peak", "minutes_to_half", "act_share", "languages"):
        figure = getattr(played, name)
        value = figure.value
        if isinstance(value, dict):
            shown = ", ".join(f"{key} {part * 100:.0f} %" for key, part in value.items())
        else:
            shown = f"{value:g}"
        lines.append(f"  {name.replace('_', ' ')} {shown}: {figure.source}")
    return lines
