"""`make test`'s second chance: for few tests, alone, and never in silence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import everything
from tests.support.everything import second_chance

ONE, TWO = "tests/a.py::test_one[x]", "tests/a.py::test_two"
LINES = [
    "..F [ 10%]",
    f"FAILED {ONE} - AssertionError: no - not this",
    f"ERROR {TWO} - OSError",
    f"FAILED {TWO} - AssertionError",
    "2 failed, 1 error, 70 passed in 3.0s",
]


def runner(*bad: str) -> tuple[list[str], Callable[[str], int]]:
    """(the tests that were run, a way to run one: those in `bad` fail)."""
    ran: list[str] = []

    def run(test: str) -> int:
        ran.append(test)
        return int(test in bad)

    return ran, run


def test_it_names_what_passed_only_alone() -> None:
    ran, run = runner()
    assert second_chance(LINES, run) == (0, f"; 2 PASSED ONLY WHEN RUN ALONE: {ONE}, {TWO}")
    assert ran == [ONE, TWO]


def test_it_takes_tests_that_went_down_together_for_one() -> None:
    ran, run = runner()
    down = [f"ERROR tests/front.py::test_it[{number}] - AssertionError: no" for number in range(40)]
    told = f"; 2 PASSED ONLY WHEN RUN ALONE: tests/front.py, {ONE}"
    assert second_chance([*down, f"FAILED {ONE} - x"], run) == (0, told)
    assert ran == ["tests/front.py", ONE]


def test_it_fails_for_what_fails_again() -> None:
    _, run = runner(TWO)
    assert second_chance(LINES, run) == (1, f"; FAILED AGAIN when run alone: {TWO}")


@pytest.mark.parametrize(
    "lines",
    [
        [f"FAILED tests/a.py::test_{number} - x" for number in range(4)],
        ["FAILED tests/a.py::test_one - x", "ERROR tests/b.py - ImportError"],
        ["nobody knows what failed"],
    ],
)
def test_it_gives_none_to_many_or_to_files_that_cannot_be_read(lines: list[str]) -> None:
    ran, run = runner()
    assert second_chance(lines, run) == (1, "")
    assert ran == []


def test_it_closes_a_part_with_what_a_real_run_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -ra -p no:cacheprovider -p no:django")
    file = tmp_path / "test_shaky.py"
    file.write_text(
        "from pathlib import Path\n"
        "def test_shaky():\n"
        "    seen = Path(__file__).with_name('seen')\n"
        "    there = seen.exists()\n"
        "    seen.touch()\n"
        "    assert there\n"
    )
    monkeypatch.chdir(tmp_path)
    line, failed = everything._part("shaky", [str(file)])
    assert not failed
    assert line.startswith("passed  shaky")
    assert line.endswith("1 PASSED ONLY WHEN RUN ALONE: test_shaky.py::test_shaky")
    file.write_text("def test_shaky():\n    assert False\n")
    line, failed = everything._part("shaky", [str(file)])
    assert failed
    assert line.endswith("FAILED AGAIN when run alone: test_shaky.py::test_shaky")
