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
    audit = importlib.import_module("groundswell.people.audit")
    audit.record(by=_Operator(), action=audit.REINJECT, detail=f"stored={stored} left={left}")
    print(f"{stored} went in, {left} stay in quarantine.")


class _Operator:
    """Whoever has a shell on this machine: the audit log knows no more of them."""

    def get_username(self) -> str:
        return "operator"


def recount(*, repair: bool) -> int:
    """Compare the counters with the rows. 1 when they differ and were not repaired."""
    django.prepared()
    counting = importlib.import_module("groundswell.people.recount")
    count = counting.repair if repair else counting.recount
    wrong = [mismatch for key in counting.pages() for mismatch in count(page_key=key)]
    for one in wrong:
        name = f"{one.dimension} {one.value}".strip()
        print(f"{one.page_key} {name}: stored {one.stored}, rows say {one.true}")
    if not wrong:
        print("Every sum is what the rows add up to.")
    elif repair:
        print(f"{len(wrong)} sums set right.")
    else:
        print(f"{len(wrong)} sums are wrong; `groundswell recount --repair` sets them right.")
    return int(bool(wrong) and not repair)


def _models() -> Any:
    return importlib.import_module("groundswell.people.models")
