"""The benchmarks' frame: every one is there, and what they print becomes tables. None runs here."""

import importlib
from typing import Any, Final

import pytest

from benchmarks import budget

ROOT: Final[Any] = importlib.import_module("benchmarks.__main__")
PRINTED: Final = f"""
| what | a second |
|---|---|
| page views | 30,000 |

{budget.HEADER}
| page views | ≥ 80% | 85% | met |

An end.
"""


def test_it_has_a_title_and_a_module_for_each() -> None:
    named = [*ROOT.BENCHMARKS, *ROOT.ALONE]
    assert sorted(ROOT.TITLES) == sorted(named)
    for name in named:
        assert (ROOT.ROOT / "benchmarks" / f"{name}.py").exists(), name


def test_it_makes_data_of_tables() -> None:
    assert ROOT.tables(PRINTED) == [
        {"what": "page views", "a second": "30,000"},
        {"budget": "page views", "wanted": "≥ 80%", "measured": "85%", "verdict": "met"},
    ]


def test_it_shows_budgets_once_only() -> None:
    assert ROOT.without_budgets(PRINTED) == (
        "| what | a second |\n|---|---|\n| page views | 30,000 |\n\nAn end."
    )


@pytest.mark.parametrize(("measured", "verdict"), [(0.8, "met"), (0.79, "**missed**")])
def test_it_judges_by_the_budget(
    capsys: pytest.CaptureFixture[str], measured: float, verdict: str
) -> None:
    budget.at_least("views", 0.8, measured, "{:.0%}")
    budget.at_most("time", 1 - 0.8, 1 - measured, "{:.2f}")
    budget.show()
    rows = [row["verdict"] for row in ROOT.tables(capsys.readouterr().out)]
    assert rows == [verdict, verdict]


def test_it_puts_what_was_measured_between_the_marks(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, end = ROOT.MARKS
    page = tmp_path / "page.md"
    page.write_text(f"Before\n\n{begin}\nold\n{end}\n\nAfter\n")
    (tmp_path / "benchmarks.md").write_text("# Benchmarks\n\n- date: today\n\n## Budgets\n\nrows\n")
    monkeypatch.setattr(ROOT, "FOLDER", tmp_path)
    monkeypatch.setattr(ROOT, "DOCUMENT", page)
    assert ROOT.write_docs() == 0
    assert page.read_text() == (
        f"Before\n\n{begin}\n\n- date: today\n\n### Budgets\n\nrows\n\n{end}\n\nAfter\n"
    )


def test_it_has_a_document_with_the_marks() -> None:
    text = ROOT.DOCUMENT.read_text()
    assert all(text.count(mark) == 1 for mark in ROOT.MARKS)
