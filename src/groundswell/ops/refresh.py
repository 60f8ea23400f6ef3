"""`groundswell directory refresh`: fetch what an operator may have, but we may not ship."""

import importlib
from typing import Any, Final

from groundswell.base import env
from groundswell.ops import django
from groundswell.ops.progress import Progress

SHOWN: Final = 20


def run(*, source: str, country: str, mirror: str, dry_run: bool, anyway: bool) -> None:
    """Refresh one source, or list all that can be. Raises Trouble with nothing changed."""
    django.prepared()
    refreshing = importlib.import_module("groundswell.directory.refresh")
    if not source:
        _list(refreshing.SOURCES)
        return
    refreshing.find(source)
    client = importlib.import_module("groundswell.directory.fetching.client")
    asking = Progress(f"Asking {source}")
    steps = [asking]

    def loading(done: int, total: int) -> None:
        if steps == [asking]:
            asking.done()
            steps.append(Progress("Loading it"))
        steps[-1].show(done, total)

    report = refreshing.refresh(
        name=source,
        client=client.for_operator(env.load()),
        by="operator",
        country=country,
        mirror=mirror,
        dry_run=dry_run,
        anyway=anyway,
        watch=asking.show,
        loading=loading,
    )
    steps[-1].done()
    _tell(report, dry_run=dry_run)


def _list(sources: Any) -> None:
    width = max(len(name) for name in sources)
    for name, way in sources.items():
        more = " (needs --country)" if way.country else "" if way.base else " (needs --mirror)"
        about = way.info.name.replace("{country}", "one country")
        print(f"{name:<{width}}  {about}{more}; {way.info.licence}")


def _tell(report: Any, *, dry_run: bool) -> None:
    counts = report.counts
    print(
        f"{report.people} named; rows: {counts.added} new, {counts.changed} changed, "
        f"{counts.ended} ended, {counts.kept} as they were."
    )
    for doubt in report.doubts[:SHOWN]:
        print(f"  not taken: {doubt.problem}; {doubt.remedy}")
    if len(report.doubts) > SHOWN:
        print(f"  … and {len(report.doubts) - SHOWN} more not taken")
    if dry_run:
        print("Nothing was changed: this was a dry run.")
    elif report.edition:
        number = report.edition.pk
        print(f"Loaded as edition {number}; `groundswell directory undo {number}` takes it back.")
    else:
        print("Nothing is new since the last edition.")
    if report.source.attribution:
        print(
            f"Name the source where you show it: {report.source.attribution} "
            f"({report.source.licence})."
        )
