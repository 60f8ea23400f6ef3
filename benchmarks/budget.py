"""What DESIGN's budgets ask for, beside what was measured: printed, never asserted."""

from typing import Final

HEADER: Final = "| budget | wanted | measured | verdict |\n|---|---|---|---|"
_said: list[str] = []


def at_least(what: str, wanted: float, measured: float, form: str = "{:,.0f}") -> None:
    """More is better."""
    _note(what, f"≥ {form.format(wanted)}", form.format(measured), met=measured >= wanted)


def at_most(what: str, wanted: float, measured: float, form: str = "{:,.0f}") -> None:
    """Less is better."""
    _note(what, f"≤ {form.format(wanted)}", form.format(measured), met=measured <= wanted)


def show() -> None:
    """Print the budgets noted so far."""
    print("\n" + "\n".join([HEADER, *_said]) + "\n", flush=True)
    _said.clear()


def _note(what: str, wanted: str, measured: str, *, met: bool) -> None:
    _said.append(f"| {what} | {wanted} | {measured} | {'met' if met else '**missed**'} |")
