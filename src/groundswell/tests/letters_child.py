"""A process that sends letters and can be killed, for test_letters_killed.

`make` makes the tables and 300 letters that wait; `send` sends as core would; `forget` does, too,
and writes down nothing that it sent.
"""

import sys
from collections.abc import Sequence

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after the set-up

from groundswell.delivery import claims  # noqa: E402
from groundswell.delivery.channels.email.channel import Email  # noqa: E402
from groundswell.delivery.models import Parcel  # noqa: E402
from groundswell.delivery.sender import Sender  # noqa: E402
from groundswell.delivery.tests import letters  # noqa: E402

NUMBER = 300


def forget(outcomes: Sequence[claims.Outcome]) -> None:
    """Write nothing down."""


def main(mode: str) -> None:
    if mode == "make":
        call_command("migrate", verbosity=0)
        letters.queue(NUMBER, targets=3)
        return
    if mode == "forget":
        claims.settle = forget
    sender = Sender(Email(), letters.compose, alone=True)
    while Parcel.objects.filter(state__in=["queued", "sending"]).exists():
        if not sender.step():
            letters.later()
    sender.close()


if __name__ == "__main__":
    main(sys.argv[1])
