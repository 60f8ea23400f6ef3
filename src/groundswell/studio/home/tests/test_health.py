"""The health strip: what is wrong, in words that help at three in the morning."""

import shutil
from collections import namedtuple
from datetime import datetime, timedelta

import pytest

from groundswell.base import clock
from groundswell.campaigns.models import PendingPublish
from groundswell.people.models import Heartbeat, OutgoingMail, Quarantine
from groundswell.people.tests import factories
from groundswell.people.tests.journal import PAGE
from groundswell.studio.home import health

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024  as shutil's own


@pytest.fixture
def now() -> datetime:
    moment = clock.now()
    Heartbeat.objects.create(name="drain", at=moment)
    Heartbeat.objects.create(name="mail", at=moment)
    return moment


def titles(now: datetime) -> list[str]:
    return [notice.title for notice in health.notices(now=now)]


def test_it_says_that_all_is_well(now: datetime) -> None:
    (notice,) = health.notices(now=now)
    assert (notice.level, notice.title) == ("good", "All is well.")


def test_it_says_that_the_core_never_ran() -> None:
    assert titles(clock.now()) == ["The core has never run here."]


def test_it_says_how_long_the_core_is_silent(now: datetime) -> None:
    assert titles(now + timedelta(minutes=5)) == ["The core has been silent for 5 minutes."]


def test_it_forgives_one_slow_part_but_not_for_ever(now: datetime) -> None:
    Heartbeat.objects.filter(name="mail").update(at=now - timedelta(minutes=10))
    assert titles(now) == ["All is well."]
    Heartbeat.objects.filter(name="mail").update(at=now - timedelta(minutes=20))
    assert titles(now) == ["A part of the core is in trouble: sending mail."]


def test_it_repeats_what_a_part_says(now: datetime) -> None:
    Heartbeat.objects.filter(name="mail").update(detail="OSError: no route to the mail server")
    (notice,) = health.notices(now=now)
    assert notice.level == "bad"
    assert "no route to the mail server" in notice.text


def test_it_says_when_mail_is_late_and_how_much(now: datetime) -> None:
    row = factories.add_one(page_key=PAGE)
    for minutes in (5, 45):
        OutgoingMail.objects.create(
            participation=row, template="confirm", due_at=now - timedelta(minutes=minutes)
        )
    (notice,) = health.notices(now=now)
    assert notice.title == "Mail is late by 45 minutes."
    assert notice.text.startswith("2 mails wait.")


def test_it_is_quiet_about_mail_that_is_not_due_or_failed(now: datetime) -> None:
    row = factories.add_one(page_key=PAGE)
    late = now - timedelta(hours=1)
    OutgoingMail.objects.create(participation=row, template="confirm", due_at=late, failed="550")
    OutgoingMail.objects.create(participation=row, template="confirm", due_at=late, sent_at=late)
    OutgoingMail.objects.create(
        participation=row, template="reminder", due_at=now + timedelta(days=2)
    )
    assert titles(now) == ["All is well."]


def test_it_counts_the_quarantine(now: datetime) -> None:
    Quarantine.objects.create(file="a-1.journal", seq=1, reason="x", sealed=b"x", at=now)
    assert titles(now) == ["1 submission is in quarantine."]


def test_it_says_when_a_change_did_not_reach_the_public(now: datetime) -> None:
    PendingPublish.objects.create(page_id=1, since=now - timedelta(seconds=5))
    assert titles(now) == ["All is well."]
    PendingPublish.objects.create(page_id=2, since=now - timedelta(minutes=3))
    assert titles(now) == ["A change has not reached the public pages for 3 minutes."]


def test_it_warns_before_the_disk_is_full(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 10**12, 100 * 1024**2))
    assert titles(now) == ["The disk is nearly full: 100 MiB are left."]


def test_it_puts_the_worst_first(now: datetime) -> None:
    Quarantine.objects.create(file="a-1.journal", seq=1, reason="x", sealed=b"x", at=now)
    Heartbeat.objects.update(at=now - timedelta(hours=1))
    assert [notice.level for notice in health.notices(now=now)] == ["bad", "look"]
