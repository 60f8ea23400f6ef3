"""What `benchmarks.mail` runs for each database, with its settings in the environment."""

import contextlib
import os
import smtplib
import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after the set-up
from django.db import connection  # noqa: E402

from groundswell.base import env  # noqa: E402
from groundswell.people import compose, mail, vault  # noqa: E402
from groundswell.people.drain import drain  # noqa: E402
from groundswell.people.models import OutgoingMail  # noqa: E402
from groundswell.people.tests.conftest import publish_forms  # noqa: E402
from groundswell.people.tests.journal import sign, write  # noqa: E402


def main(number: int, far_port: int = 0, away_ms: int = 0, far: int = 0) -> None:
    call_command("migrate", verbosity=0)
    publish_forms()
    mails_wait(number)
    sample = a_mail()
    send_all("core", number)
    bare_loop(sample, number)
    for connections in (1, 4) if far else ():
        change(smtp_port=far_port, mail_connections=connections)
        mails_wait(far)
        several = "connections" if connections > 1 else "connection"
        send_all(f"core, server {away_ms} ms away, {connections} {several}", far)


def mails_wait(number: int) -> None:
    """So many have signed."""
    folder = env.load().path("journal")
    drain(write(folder, [sign(f"{uuid4()}@example.org") for _ in range(number)]))


def send_all(what: str, number: int) -> None:
    """Prints one line of the table for all mails that wait."""
    sender = mail.Sender()
    before = sent()
    with timed(what, number):
        while sender.send_due():
            pass
    assert sent() - before == number


def sent() -> int:
    return OutgoingMail.objects.exclude(sent_at=None).count()


def change(**settings: int) -> None:
    """From now on these settings hold."""
    os.environ.update({f"GROUNDSWELL_{name.upper()}": str(to) for name, to in settings.items()})
    env.load.cache_clear()


def a_mail() -> str:
    """One of the mails, as it goes over the wire."""
    waiting = OutgoingMail.objects.select_related("participation")[0]
    row = waiting.participation
    return compose.compose(waiting, row, vault.open_row(row), "confirm").message().as_string()


def bare_loop(sample: str, number: int) -> None:
    settings = env.load()
    server = smtplib.SMTP(settings.smtp_host, settings.smtp_port)
    with server, timed("yardstick: bare smtplib", number):
        for one in range(number):
            server.sendmail("campaign@example.org", f"person{one}@example.org", sample)


@contextlib.contextmanager
def timed(what: str, number: int) -> Iterator[None]:
    """Prints one line of the table for what happens inside."""
    began, cpu = time.perf_counter(), time.process_time()
    yield
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    each = f"{cpu * 1000 / number:.2f}"
    print(f"| {connection.vendor} | {what} | {number / took:,.0f} | {each} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
