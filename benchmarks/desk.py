"""What organisers wait for with ten million participations, and what counting costs on the way.

`python -m benchmarks.desk [NUMBER [sqlite|postgresql]]`. The pages are asked for through all of
Django, without a network in between; medians of nine, the first one left out.
"""

import sys

from benchmarks import child
from tests.support.postgres import cluster


def main(number: int, database: str) -> None:
    if database == "sqlite":
        measure(number, "sqlite")
    else:
        with cluster() as url:
            measure(number, url)


def measure(number: int, database: str) -> None:
    # In two processes, so that what makes the rows is not taken for the exports' memory.
    with child.installation(database=database) as environ:
        child.start("desk_child", "grow", str(number), environ=environ)
        child.start("desk_child", "look", str(number), environ=environ)


if __name__ == "__main__":
    words = dict(enumerate(sys.argv[1:]))
    main(int(words.get(0, 10_000_000)), words.get(1, "sqlite"))
