"""`make torture`: the long fault matrix, row by row, and a table of what came of it.

`ARGS="T1 T4"` runs these rows alone, `--scale 0.01` a hundredth of the cycles, `--controls` the
control twins too, `--seed` the same accidents again. Goes on after a row that failed.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Final, NamedTuple

from tests.faults.matrix import Fault, Outcome, Story
from tests.support import data_folder  # before Django's settings are read

BUILD: Final = Path(__file__).parents[2] / "build"
HEAD: Final = (
    "T", "fault", "cycles", "acked", "lost", "duplicated", "invented", "seconds", "verdict", "note"
)  # fmt: skip


class Row(NamedTuple):
    """One line of the table."""

    code: str
    name: str
    outcome: Outcome
    seconds: float
    verdict: str

    @property
    def right(self) -> bool:
        """Whether this came out as it must."""
        return self.verdict in {"clean", "caught"}

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table says, in the order of its head."""
        *numbers, note = self.outcome
        shown = [f"{number:,}" for number in numbers]
        return (self.code, self.name, *shown, f"{self.seconds:.0f}", self.verdict, note)


def main(words: list[str]) -> int:
    """Run the rows asked for; 0 if every fault came out clean and every control did not."""
    asked = _arguments(words)
    print(f"seed {asked.seed}: --seed {asked.seed} plays the same accidents again", flush=True)
    rows: list[Row] = []
    for fault in _chosen(asked.rows):
        cycles = max(1, round(fault.long * asked.scale))
        rows.append(_run(fault.code, fault.name, fault.run, cycles, asked.seed))
        for control in fault.controls if asked.controls else ():
            name = f"control: {control.guard}"
            row = _run(fault.code, name, control.run, control.cycles, asked.seed)
            rows.append(row._replace(verdict=_turned(row)))
        _write(rows, asked.seed)
    print("\n" + table(rows), flush=True)
    return int(not all(row.right for row in rows))


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="T", help="T1, T4, …; all of them by default")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the long run's cycles")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--controls", action="store_true", help="run the control twins as well")
    return parser.parse_args(words)


def _chosen(codes: list[str]) -> list[Fault]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.studio.settings")
    django.setup()
    from tests.faults.registry import FAULTS

    unknown = set(codes) - {fault.code for fault in FAULTS}
    if unknown:
        sys.exit(f"no such row: {', '.join(sorted(unknown))}")
    return [fault for fault in FAULTS if not codes or fault.code in codes]


def _run(code: str, name: str, story: Story, cycles: int, seed: int) -> Row:
    print(f"\n== {code} {name}: {cycles:,} cycles", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture-", dir=data_folder.FOLDER) as folder:
        try:
            outcome = story(Path(folder), cycles, seed)
            verdict = "clean" if outcome.clean else "NOT CLEAN"
        except Exception as error:  # noqa: BLE001  one broken story must not stop the others
            traceback.print_exc()
            outcome = Outcome(cycles, 0, note=f"{type(error).__name__}: {error}"[:120])
            verdict = "BROKEN"
    row = Row(code, name, outcome, time.monotonic() - began, verdict)
    print(" · ".join(row.cells), flush=True)
    return row


def _turned(row: Row) -> str:
    """A control's verdict: it must be seen to fail by its numbers, not because it could not run."""
    return "caught" if row.outcome.wrong else f"NOT CAUGHT ({row.verdict})"


def _write(rows: list[Row], seed: int) -> None:
    BUILD.mkdir(exist_ok=True)
    (BUILD / "torture.md").write_text(f"# Torture\n\nseed {seed}\n\n{table(rows)}")
    data = [
        {"code": row.code, "name": row.name, **row.outcome._asdict()}
        | {"seconds": round(row.seconds, 1), "verdict": row.verdict}
        for row in rows
    ]
    text = json.dumps({"seed": seed, "rows": data}, indent=1, ensure_ascii=False)
    (BUILD / "torture.json").write_text(text + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
