"""Reads what a source's folder ships in `data/`."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def jsonl(folder: Path, name: str) -> Iterator[Any]:
    """The objects of a packed file, one a line."""
    with gzip.open(folder / "data" / name, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def tsv(folder: Path, name: str) -> Iterator[list[str]]:
    """The rows of a packed table."""
    with gzip.open(folder / "data" / name, "rt", encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
