"""How fast core drains into SQLite and into PostgreSQL: `python -m benchmarks.drain [NUMBER]`.

Beside it, in the same run, a yardstick that opens, seals and counts nothing: it puts ready rows
into the same table by the same statement, which is what a database gives at best. Memory is the
highest the process ever had, benchmark's own records included.
"""

import sys

from benchmarks import child
from tests.support.postgres import cluster


def main(number: int) -> None:
    print("| into | what | a second | CPU ms each | memory MiB |")
    print("|---|---|---|---|---|", flush=True)
    child.run("drain_child", number, database="sqlite")
    with cluster() as url:
        child.run("drain_child", number, database=url)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
