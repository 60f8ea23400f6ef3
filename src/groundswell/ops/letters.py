"""`groundswell letters`: what waits to go out, and what only an operator can decide about it."""

import importlib
from typing import Any

from groundswell.ops import django

_OPERATOR = "operator"


def show() -> None:
    """How many letters are in which state, and what is held for a decision."""
    django.prepared()
    counts = _module("delivery.queries").totals(page_keys=_pages())
    for name in counts.__struct_fields__:
        number = getattr(counts, name)
        if number:
            print(f"{number:>10,}  {name.replace('_', ' ')}")
    if not counts.all:
        print("No letters yet.")
    tell_restored()


def go() -> None:
    """Send what a restored backup held back."""
    django.prepared()
    print(f"{_module('people.letters_restored').go(by=_OPERATOR)} letters wait for their turn.")


def drop() -> None:
    """Give up what a restored backup held back."""
    django.prepared()
    print(f"{_module('people.letters_restored').drop(by=_OPERATOR)} letters are given up.")


def recheck() -> None:
    """Make the letters of those who were confirmed while their page could not be read."""
    django.prepared()
    letters = _module("people.letters")
    number = sum(letters.recheck(page_key=key) for key in _written_pages())
    print(f"{number} letters were missing and have been made.")


def tell_restored() -> None:
    """Say what is held because of a restored backup, if anything is."""
    number = _module("people.letters_restored").held()
    if number:
        print(
            f"{number} letters came back with a backup and may have been sent after it was made."
            " They are held: `groundswell letters go` sends them, `groundswell letters drop`"
            " gives them up."
        )


def _pages() -> list[Any]:
    tallies = _module("delivery.models").TargetTally.objects
    return list(tallies.order_by().values_list("page_key", flat=True).distinct())


def _written_pages() -> list[Any]:
    rows = _module("people.models").Participation.objects.filter(kind="letter")
    return list(rows.order_by().values_list("page_key", flat=True).distinct())


def _module(name: str) -> Any:
    return importlib.import_module(f"groundswell.{name}")
