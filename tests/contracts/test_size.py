"""The size budget: no file becomes the attic, no function needs scrolling."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).parents[2]
MODULE_LINES: Final = 400
FUNCTION_LINES: Final = 40
MEDIAN_LINES: Final = 10

# What may be longer, and why. `path` or `path:function`.
EXCEPTIONS: Final[dict[str, str]] = {}


def modules() -> Iterator[Path]:
    for path in sorted(ROOT.glob("src/**/*.py")) + sorted(ROOT.glob("tests/**/*.py")):
        if "migrations" not in path.parts:
            yield path


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """(name, lines) of every function, nested ones and methods too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def too_long() -> dict[str, int]:
    """Everything over the budget: what it is and how many lines it has."""
    found = {}
    for path in modules():
        name = str(path.relative_to(ROOT))
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES:
            found[name] = lines
        for function, length in functions(path):
            if length > FUNCTION_LINES:
                found[f"{name}:{function}"] = length
    return found


def test_it_keeps_modules_and_functions_short() -> None:
    over = {name: lines for name, lines in too_long().items() if name not in EXCEPTIONS}
    assert not over, "split these, or list them in EXCEPTIONS with a reason"


def test_it_lists_no_exception_that_is_not_needed() -> None:
    assert set(EXCEPTIONS) <= set(too_long())


def test_it_keeps_the_median_function_small() -> None:
    product = [path for path in modules() if "tests" not in path.parts]
    lengths = [length for path in product for _name, length in functions(path)]
    assert median(lengths) < MEDIAN_LINES


def test_it_would_see_a_long_function(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_text("def f():\n" + "    pass\n" * FUNCTION_LINES)
    assert list(functions(long)) == [("f", FUNCTION_LINES + 1)]
