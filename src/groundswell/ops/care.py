"""Commands for what needs a hand: publishing everything again, the quarantine."""

import importlib
from typing import Any

from groundswell.ops import django


def publish() -> None:
    """Write every public file again, from what is in the database."""
    django.prepared()
    importlib.import_module("groundswell.campaigns.publish").publish_site()
    print("Every public page has been written again.")


def quarantine() -> None:
    """What core could not read, and why. Shows nobody's data: it is still sealed."""
    django.prepared()
    entries = list(_models().Quarantine.objects.order_by("pk"))
    for entry in entries:
        place = f"group {entry.seq}" + ("" if entry.position is None else f" no. {entry.position}")
        print(f"{entry.at:%Y-%m-%d %H:%M}  {entry.file} {place}: {entry.reason}")
    if entries:
        print(f"{len(entries)} in quarantine. `groundswell quarantine reinject` tries them again.")
    else:
        print("The quarantine is empty.")


def reinject() -> None:
    """Try everything in quarantine again, once its cause is mended."""
    django.prepared()
    stored, left = importlib.import_module("groundswell.people.reinject").reinject()
    print(f"{stored} went in, {left} stay in quarantine.")


def _models() -> Any:
    return importlib.import_module("groundswell.people.models")
