"""A rehearsal is counted nowhere: after it, every row and every number is what it was."""

import os
import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps

from groundswell.base import clock, wire
from groundswell.campaigns import counters
from groundswell.people import drain, rehearsed
from groundswell.people.models import JournalCursor, Participation, Rehearsed
from groundswell.people.recount import pages, recount
from groundswell.people.tests.journal import PAGE, click, sign, write_as

pytestmark = pytest.mark.django_db
RUN = "2026-11-21-a"


def everything() -> dict[str, list[str]]:
    """Every row of every table, but for the rehearsals' own and the journal's cursors."""
    tables = [model for model in apps.get_models() if model._meta.managed]
    kept = [model for model in tables if model not in {Rehearsed, JournalCursor}]
    return {
        model._meta.label: [
            repr(_plain(row)) for row in model._base_manager.order_by("pk").values()
        ]
        for model in kept
    }


def _plain(row: dict[str, object]) -> dict[str, object]:
    return {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in row.items()
    }


def crowd(seed: int, *, run: str, real: list[wire.Submission]) -> list[wire.Submission]:
    """What a rehearsal might send at its worst: known addresses, other verbs, marks, sources."""
    dice = random.Random(seed)
    sent = [
        sign(
            dice.choice(["ada@example.org", f"new{number}@example.org", ""]),
            run=run,
            marks=dice.choice([0, 1, 15]),
            source=dice.choice(["", "whatsapp", "never-seen"]),
            lang=dice.choice(["en", "ar"]),
            page=dice.choice([PAGE.hex, os.urandom(16).hex()]),
        )
        for number in range(40)
    ]
    verbs: list[wire.Verb] = ["confirm", "withdraw", "manage"]
    clicks = [click(dice.choice(real), verb, do="erase") for verb in verbs]
    values = [{name: getattr(one, name) for name in one.__struct_fields__} for one in clicks]
    return [*sent, *[wire.Submission(**{**value, "run": run}) for value in values]]


@pytest.fixture
def real(tmp_path: Path) -> list[wire.Submission]:
    """Three who signed; the first has confirmed."""
    signed = [sign("ada@example.org"), sign("bob@example.org"), sign("ada@example.org")]
    drain.drain(write_as(tmp_path, "0-00000001.journal", [*signed, click(signed[0])]))
    return signed


@pytest.mark.parametrize("seed", range(3))
def test_it_leaves_everything_as_it_was(
    tmp_path: Path, real: list[wire.Submission], seed: int
) -> None:
    before = everything()
    sent = crowd(seed, run=RUN, real=real)
    drain.drain(write_as(tmp_path, "0-00000002.journal", sent))
    assert everything() == before
    assert [one for page in pages() for one in recount(page_key=page)] == []
    assert rehearsed.arrived(run=RUN) == len(sent)
    assert rehearsed.missing(run=RUN, acknowledged=[one.id for one in sent]) == []
    assert rehearsed.clear(run=RUN) == len(sent)
    assert everything() == before


def test_it_would_see_a_rehearsal_that_counts(tmp_path: Path, real: list[wire.Submission]) -> None:
    before, totals = everything(), counters.totals(page_key=PAGE)
    drain.drain(write_as(tmp_path, "0-00000002.journal", crowd(0, run="", real=real)))
    changed = {label for label, rows in everything().items() if rows != before[label]}
    assert {"people.Participation", "people.OutgoingMail", "campaigns.Count"} <= changed
    assert counters.totals(page_key=PAGE) != totals


def test_it_keeps_each_once_and_misses_what_is_not_there(tmp_path: Path) -> None:
    sent = [sign(run=RUN) for _ in range(3)]
    drain.drain(write_as(tmp_path, "0-00000001.journal", sent))
    drain.drain(write_as(tmp_path, "0-00000002.journal", sent))
    assert rehearsed.arrived(run=RUN) == 3
    lost = os.urandom(16)
    assert rehearsed.missing(run=RUN, acknowledged=[sent[0].id, lost]) == [lost]
    assert not Participation.objects.exists()


def test_it_removes_one_run_or_all_or_the_old_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsed, "BATCH", 10)
    old = clock.to_ms(clock.now() - rehearsed.KEPT - timedelta(hours=1))
    sent = [sign(run="old", at=old) for _ in range(12)]
    sent += [sign(run=name) for name in "abb"]
    drain.drain(write_as(tmp_path, "0-00000001.journal", sent))
    assert [(run.name, run.rows) for run in rehearsed.runs()] == [("old", 12), ("a", 1), ("b", 2)]
    rehearsed.forget()
    assert {run.name for run in rehearsed.runs()} == {"a", "b"}
    assert rehearsed.clear(run="b") == 2
    assert rehearsed.clear() == 1
