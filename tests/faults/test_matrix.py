"""The frame of the matrix: what counts as clean, and the table that says so."""

from pathlib import Path

import pytest

from tests.faults import registry, torture
from tests.faults.matrix import Control, Fault, Outcome


def clean(folder: Path, cycles: int, seed: int) -> Outcome:
    return Outcome(cycles, acked=cycles * 10)


def lossy(folder: Path, cycles: int, seed: int) -> Outcome:
    return Outcome(cycles, acked=cycles * 10, lost=1, note="one is gone")


def broken(folder: Path, cycles: int, seed: int) -> Outcome:
    raise RuntimeError("nothing was killed")


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome(1, 5), True),
        (Outcome(1, 0), False),
        (Outcome(1, 5, lost=1), False),
        (Outcome(1, 5, duplicated=1), False),
        (Outcome(1, 5, invented=1), False),
    ],
)
def test_it_is_clean_only_when_all_is_as_promised(outcome: Outcome, expected: bool) -> None:
    assert outcome.clean is expected


def test_it_adds_outcomes_up() -> None:
    both = Outcome(1, 5, lost=1, note="a") + Outcome(2, 6, duplicated=3, note="b")
    assert both == Outcome(3, 11, lost=1, duplicated=3, note="a; b")


@pytest.fixture
def one_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A matrix of one row that is clean, and a folder for its table."""
    monkeypatch.setattr(torture, "BUILD", tmp_path)
    use(monkeypatch, Fault("T1", "kill", 1, 100, clean, (Control("early", 1, lossy),)))
    return tmp_path


def use(monkeypatch: pytest.MonkeyPatch, *faults: Fault) -> None:
    monkeypatch.setattr(registry, "FAULTS", faults)


def test_it_writes_a_table_of_clean_rows_and_caught_controls(one_row: Path) -> None:
    assert torture.main(["T1", "--scale", "0.02", "--controls"]) == 0
    text = (one_row / "torture.md").read_text()
    assert "| T1 | kill | 2 | 20 | 0 | 0 | 0 | 0 | clean |  |" in text
    assert "| T1 | control: early | 1 | 10 | 1 | 0 | 0 | 0 | caught | one is gone |" in text


@pytest.mark.parametrize("story", [lossy, broken])
def test_it_fails_for_a_row_that_is_not_clean(
    one_row: Path, monkeypatch: pytest.MonkeyPatch, story: object
) -> None:
    use(monkeypatch, Fault("T1", "kill", 1, 1, story), Fault("T2", "kill", 1, 1, clean))  # type: ignore[arg-type]
    assert torture.main([]) == 1
    assert "| T2 | kill | 1 | 10 | 0 | 0 | 0 | 0 | clean |" in (one_row / "torture.md").read_text()


@pytest.mark.parametrize("story", [clean, broken])
def test_it_fails_for_a_control_that_does_not_show_the_fault(
    one_row: Path, monkeypatch: pytest.MonkeyPatch, story: object
) -> None:
    use(monkeypatch, Fault("T1", "kill", 1, 1, clean, (Control("none", 1, story),)))  # type: ignore[arg-type]
    assert torture.main(["--controls"]) == 1


def test_it_names_a_row_that_is_not_there(one_row: Path) -> None:
    with pytest.raises(SystemExit, match="T99"):
        torture.main(["T99"])
