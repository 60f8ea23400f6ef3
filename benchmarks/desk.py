"""What organisers wait for with ten million participations, and what counting costs on the way.

`python -m benchmarks.desk [NUMBER [sqlite|postgresql]]`. The pages are asked for through all of
Django, without a network in between; medians of nine, the first one left out.
"""

import sys

from benchmarks import child
from tests.support.postgres import cluster


def main(number: int, database: str) -> None:
    if database == "sqlite":
        child.run("desk_child", number, database="sqlite")
    else:
        with cluster() as url:
            child.run("desk_child", number, database=url)


if __name__ == "__main__":
    words = dict(enumerate(sys.argv[1:]))
    main(int(words.get(0, 10_000_000)), words.get(1, "sqlite"))
