"""One of two processes that confirm duplicates at the same moment, for test_races.

For each line "FIRST SECOND" on its input it decides what a click on its own duplicate comes to,
waits until the other has decided too, and writes.
"""

import sys
from uuid import UUID

import django

django.setup()

from groundswell.base import clock  # noqa: E402  after the set-up
from groundswell.people import confirm  # noqa: E402


def main(place: int) -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        own = UUID(hex=line.split()[place])
        decisions = confirm.decide([confirm.Click(own, clock.now())])
        print("decided", flush=True)
        sys.stdin.readline()
        done = confirm.apply(decisions)
        print(f"{done.confirmed} {done.counted}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
