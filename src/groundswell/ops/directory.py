"""Commands for decision makers: load what ships, import lists, take them back, see what is old."""

import importlib
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

from groundswell.base.errors import Trouble
from groundswell.ops import django
from groundswell.ops.progress import Progress

BY: Final = "operator"
SHOWN: Final = 50


def load(*, source: str, replace: bool) -> None:
    """Load one source that ships with Groundswell, and those it needs; or all of them."""
    django.prepared()
    registry = _module("sources.registry").SHIPPED
    if source != "all" and source not in registry:
        raise Trouble(f"there is no source {source!r}: choose all, {', '.join(registry)}")
    for name in registry if source == "all" else _with_needs(registry, source):
        _load(name, registry[name], replace)


def _with_needs(registry: Any, source: str) -> list[str]:
    """A source behind those it needs that were never loaded."""
    found = []
    for name in registry[source].needs:
        if not _module("queries").editions(source=name):
            found += _with_needs(registry, name)
    return [*found, source]


def _load(name: str, shipped: Any, replace: bool) -> None:
    editions = _module("editions")
    progress = Progress(f"Loading {name}")
    batch = shipped.batch()
    newer = editions.newer_than(source=shipped.info, as_of=batch.as_of)
    if newer:
        print(f"  {name} is there as of {newer.as_of}; what ships is of {batch.as_of}: left alone.")
        return
    edition, counts = editions.load(
        source=shipped.info, batch=batch, by=BY, watch=progress.show,
        may_vanish=1.0 if replace else editions.MAY_VANISH,
    )  # fmt: skip
    progress.done()
    print(f"  {_said(edition, counts)} Data as of {batch.as_of}; {shipped.info.licence}.")


def _said(edition: Any, counts: Any) -> str:
    if edition is None:
        return "Nothing has changed since the last edition."
    return (
        f"Edition {edition.pk}: {counts.added} rows new, {counts.changed} changed, {counts.ended}"
        f" ended, {counts.kept} as they were."
    )


def take_in(
    *,
    file: str,
    source: str,
    licence: str,
    dry_run: bool,
    replace: bool,
    starts: str,
    refused: str,
) -> int:
    """Import a list of decision makers. 1 when rows were refused; the good ones are in."""
    django.prepared()
    reading = _module("importing.reading")
    draft = reading.read(_bytes(file), file=file, source=source, licence=licence)
    for note in draft.notes[:SHOWN]:
        print(f"  {note}")
    _refusals(draft)
    if refused and draft.refusals:
        Path(refused).write_text(reading.mend(draft), encoding="utf-8-sig", newline="")
        print(f"The refused rows are in {refused}, each with what is wrong.")
    if dry_run:
        counts = _module("editions").preview(source=draft.info, batch=draft.batch)
        print(
            f"{draft.good} of {draft.total} rows can go in: {counts.added} new, {counts.changed}"
            f" changed, {counts.ended} ended, {counts.kept} as they were (a row is a person, an"
            " office, a contact…).\nNothing was changed: this was a dry run."
        )
    else:
        _store(draft, replace=replace, starts=starts)
    return int(bool(draft.refusals))


def _bytes(file: str) -> bytes:
    most = _module("importing.decoding").MOST_BYTES
    try:
        with Path(file).open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}") from error


def _refusals(draft: Any) -> None:
    for one in draft.refusals[:SHOWN]:
        where = f"row {one.number}" + (f", {one.field}" if one.field else "")
        print(f"  {where}: {one.problem}" + (f"; {one.remedy}" if one.remedy else ""))
    if len(draft.refusals) > SHOWN:
        print(f"  … and {len(draft.refusals) - SHOWN} more; --refused FILE writes all of them down")


def _store(draft: Any, *, replace: bool, starts: str) -> None:
    if not draft.good:
        raise Trouble("not one row can go in: nothing was loaded")
    progress = Progress(f"Loading {draft.info.slug}")
    edition, counts = _module("services").take_in(
        draft=draft, by=BY, replace=replace, starts_on=_day(starts), watch=progress.show
    )
    progress.done()
    print(f"{draft.good} of {draft.total} rows went in. {_said(edition, counts)}")
    if edition:
        print(f"`groundswell directory undo {edition.pk}` takes it back.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Trouble(f"{text!r} is no day: write it like 2027-01-03") from error


def undo(*, edition: int) -> None:
    """Take an edition back."""
    django.prepared()
    taken = _module("services").undo(edition_id=edition, by=BY)
    print(f"Edition {edition} of {taken.source} is taken back; what held before holds again.")


def listing() -> None:
    """Every edition, newest first."""
    django.prepared()
    found = _module("queries").editions()
    for one in found:
        state = "taken back" if one.undone_at else ""
        rows = sum(one.counts.get(name, 0) for name in ("added", "changed", "kept"))
        print(
            f"{one.pk:>4}  {one.source.slug:<24} as of {one.as_of}  {rows:>7} rows"
            f"  loaded {one.loaded_at:%Y-%m-%d %H:%M}  {state}".rstrip()
        )
    for one in _module("queries").overdue():
        print(f"{one.source.slug} is out of date since {one.due_on}: load or refresh it.")
    if not found:
        print("Nothing is loaded: `groundswell directory load all` loads what ships.")


def stale(*, days: int) -> int:
    """How many decision makers nobody has checked for so long. 1 when there are any."""
    django.prepared()
    found = _module("queries").stale(days=days)
    doubtful = found.pop("")
    for source, number in found.items():
        print(f"{number:>6}  {source}: not checked for {days} days")
    if doubtful:
        print(f"{doubtful:>6}  with an address that bounced or a number that was wrong")
    if not found and not doubtful:
        print(f"Everything was checked in the last {days} days, and no contact is in doubt.")
    return int(bool(found or doubtful))


def export(*, source: str) -> None:
    """Write what holds today to standard output, as Popolo JSON."""
    django.prepared()
    for piece in _module("exporting").popolo(source=source):
        sys.stdout.write(piece)


def _module(name: str) -> Any:
    return importlib.import_module(f"groundswell.directory.{name}")
