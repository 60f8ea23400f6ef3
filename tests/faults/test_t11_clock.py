"""The clock jumps: files keep their order, promises and limits hold, links go on working."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from groundswell.base import clock
from groundswell.campaigns import counters
from groundswell.people import drain, quota
from groundswell.people.models import Event, Participation
from groundswell.people.tests.journal import PAGE, click, sign, write
from tests.faults import t11_clock
from tests.faults.matrix import Control, Fault

ROWS = (t11_clock.FAULT, t11_clock.LIMITS)
A_LINKS_LIFE = 14 * 86_400
needs_faketime = pytest.mark.skipif(not t11_clock.LIBRARY, reason="apt install libfaketime")


@pytest.mark.fault
@needs_faketime
@pytest.mark.parametrize("fault", ROWS, ids=lambda fault: fault.name)
def test_it_keeps_what_it_acknowledged(tmp_path: Path, fault: Fault) -> None:
    outcome = fault.run(tmp_path, fault.short, 1)
    assert outcome.clean, outcome


@pytest.mark.fault
@needs_faketime
@pytest.mark.parametrize(
    "control", [one for fault in ROWS for one in fault.controls], ids=lambda control: control.guard
)
def test_control_it_would_not_with(tmp_path: Path, control: Control) -> None:
    outcome = control.run(tmp_path, control.cycles, 1)
    assert outcome.wrong, outcome


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [jump for jump in t11_clock.JUMPS if jump < A_LINKS_LIFE])
def test_it_takes_a_confirmation_by_whatever_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """intake's clock jumps between the signature and the button, core's before it drains."""
    signed = sign()
    pressed = msgspec.structs.replace(click(signed), at=signed.at + seconds * 1000)
    then = clock.now() + timedelta(seconds=seconds)
    journal = write(tmp_path, [signed, pressed])
    monkeypatch.setattr(clock, "now", lambda: then)
    assert drain.drain(journal) == 2
    assert Participation.objects.get().counted
    assert counters.totals(page_key=PAGE) == (1, 1)
    assert Event.objects.get().what == "confirmed"


@pytest.mark.django_db
def test_it_gives_nobody_more_mails_for_an_hour_that_comes_twice() -> None:
    late = clock.now().replace(hour=23, minute=30)
    days = [late, late + timedelta(hours=1), late, late + timedelta(hours=1)]
    for _ in range(3):
        for moment in days:
            quota.reserve(index=b"i" * 32, day=moment.date())
            quota.forget(before=moment.date() - timedelta(days=1))
    assert not quota.left(index=b"i" * 32, day=days[0].date())
    assert not quota.left(index=b"i" * 32, day=days[1].date())
