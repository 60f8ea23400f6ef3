"""How fast core sends letters to decision makers: `python -m benchmarks.letters [NUMBER] [QUEUED]`.

Into a real SMTP server in a process of its own that takes everything, without a pace. Beside it, in
the same run, a yardstick: the same bytes through the standard library's smtplib, over one
connection, without a database. Then once more with a million letters queued: what one costs must
not grow with those behind it.
"""

import sys
from typing import Final

from benchmarks import child
from benchmarks.mail import sink
from tests.support.postgres import cluster

NUMBER: Final = 1_000
QUEUED: Final = 1_000_000


def main(number: int, queued: int) -> None:
    """Print the tables and what they come to."""
    print(
        "| from | queued | what | letters a second | CPU ms each |\n|---|---|---|---|---|",
        flush=True,
    )
    with sink() as port:
        for_each("sqlite", number, queued, port)
        with cluster() as url:
            for_each(url, number, queued, port)


def for_each(database: str, number: int, queued: int, port: int) -> None:
    child.run(
        "letters_child",
        number,
        str(queued),
        database=database,
        smtp_port=str(port),
        letters_per_hour="0",
        letters_per_minute="0",
    )


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    main(*(words + [NUMBER, QUEUED][len(words) :]))
