"""Leaving: withdrawing from a page, erasing everywhere, no more mail."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from groundswell.base import clock, wire
from groundswell.base.errors import Refused
from groundswell.campaigns import counters
from groundswell.delivery.tests.mailserver import MailServer
from groundswell.people import drain, mail, quota, recount, services, vault
from groundswell.people.models import (
    Consent,
    Event,
    MailDay,
    OutgoingMail,
    Participation,
    StopList,
)
from groundswell.people.tests.journal import PAGE, click, sign, write

pytestmark = pytest.mark.django_db
OTHER_PAGE = UUID("1" * 32)


def arrive(folder: Path, *submissions: wire.Submission) -> None:
    drain.drain(write(folder, list(submissions)))


def states() -> list[str]:
    return list(Participation.objects.order_by("pk").values_list("state", flat=True))


def assert_sums_are_true() -> None:
    assert [recount.recount(page_key=key) for key in (PAGE, OTHER_PAGE)] == [[], []]


def test_it_lets_no_duplicate_take_over(tmp_path: Path) -> None:
    first, second, third = sign(), sign("ADA@example.org"), sign("ada+x@example.org")
    arrive(tmp_path, first, second, third, click(first), click(second))
    assert counters.totals(page_key=PAGE) == (3, 1)
    arrive(tmp_path, click(first, "withdraw"), click(third), click(second))
    assert states() == ["withdrawn"] * 3
    assert counters.totals(page_key=PAGE) == (3, 0)
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert not OutgoingMail.objects.filter(sent_at=None).exists()
    assert_sums_are_true()


def test_it_withdraws_on_one_page_only(tmp_path: Path) -> None:
    here, there = sign(), sign(page=OTHER_PAGE.hex)
    arrive(tmp_path, here, there, click(here), click(there), click(here, "withdraw"))
    assert states() == ["withdrawn", "confirmed"]
    assert counters.totals(page_key=OTHER_PAGE) == (1, 1)
    assert_sums_are_true()


def test_it_subtracts_once_however_often_it_is_asked(tmp_path: Path) -> None:
    signed, other = sign(), sign("else@example.org")
    arrive(tmp_path, signed, other, click(signed), click(other))
    arrive(tmp_path, click(signed, "withdraw"), click(signed, "withdraw"))
    arrive(tmp_path, click(signed, "manage", do="withdraw"), click(signed, "manage", do="erase"))
    assert counters.totals(page_key=PAGE) == (2, 1)
    assert_sums_are_true()


def test_it_lets_somebody_come_back_after_withdrawing(tmp_path: Path) -> None:
    signed, again = sign(), sign()
    arrive(tmp_path, signed, click(signed), click(signed, "withdraw"), again, click(again))
    assert states() == ["withdrawn", "confirmed"]
    assert counters.totals(page_key=PAGE) == (2, 1)


@pytest.mark.parametrize("do", ["withdraw", "erase"])
def test_it_leaves_whoever_came_back_alone_when_an_old_request_repeats(
    tmp_path: Path, do: str
) -> None:
    signed = sign()
    leave = click(signed, "manage", do=do)
    again = sign(at=leave.at + 1000)
    arrive(tmp_path, signed, leave, again, click(again), leave)
    assert states()[1] == "confirmed"
    assert counters.totals(page_key=PAGE) == (2, 1)


def test_it_erases_a_mailbox_on_all_pages(tmp_path: Path) -> None:
    here, there = sign(fields={"comment": "secret"}), sign("A.d.a@example.org", page=OTHER_PAGE.hex)
    also = sign("ada+x@example.org", page=OTHER_PAGE.hex)
    arrive(tmp_path, here, there, also, click(here), click(also))
    arrive(tmp_path, click(also, "manage", do="erase"))
    # Dots mean something outside of Gmail: that mailbox is another's.
    assert states() == ["erased", "pending", "erased"]
    row = Participation.objects.order_by("pk")[0]
    assert (bytes(row.sealed), row.email_index, row.confirmed_at) == (b"", None, None)
    assert row.received_at.minute % 15 == row.received_at.second == row.received_at.microsecond == 0
    with pytest.raises(vault.Gone):
        vault.open_row(row)
    assert not Consent.objects.filter(participation=row).exists()
    assert not OutgoingMail.objects.filter(participation=row).exists()
    assert list(Event.objects.filter(participation=row).values_list("what", "by")) == [
        ("erased", "supporter")
    ]
    assert counters.totals(page_key=PAGE) == (1, 0)
    assert counters.totals(page_key=OTHER_PAGE) == (2, 0)
    assert_sums_are_true()


def test_it_brings_nobody_back_when_the_journal_comes_again(tmp_path: Path) -> None:
    signed = sign()
    arrive(tmp_path, signed, click(signed, "manage", do="erase"))
    arrive(tmp_path, signed, click(signed))
    assert states() == ["erased"]
    assert bytes(Participation.objects.get().sealed) == b""
    assert not OutgoingMail.objects.exists()


def test_it_does_nothing_for_a_wish_it_does_not_know(tmp_path: Path) -> None:
    signed = sign()
    arrive(tmp_path, signed, click(signed, "manage", do="export everything"))
    assert states() == ["pending"]


def test_it_lets_organisers_withdraw_and_erase(tmp_path: Path) -> None:
    signed = sign()
    arrive(tmp_path, signed, click(signed))
    row = Participation.objects.get()
    assert services.withdraw(participation=row, by="bob", reason="asked by phone") == 1
    event = Event.objects.get(what="withdrawn")
    assert (event.by, event.detail) == ("bob", "asked by phone")
    assert services.erase(participation=row, by="bob") == 1
    assert services.erase(participation=row, by="bob") == 0
    assert counters.totals(page_key=PAGE) == (1, 0)


def test_it_resends_within_the_limit(tmp_path: Path) -> None:
    arrive(tmp_path, sign())
    row = Participation.objects.get()
    OutgoingMail.objects.update(sent_at=clock.now())
    services.resend_confirmation(participation=row, by="bob")
    services.resend_confirmation(participation=row, by="bob")
    assert OutgoingMail.objects.filter(sent_at=None, template="confirm").count() == 1
    assert row.email_index is not None
    MailDay.objects.create(email_index=row.email_index, day=clock.now().date(), sent=3)
    with pytest.raises(Refused, match="too_many"):
        services.resend_confirmation(participation=row, by="bob")


def test_it_resends_nothing_that_nobody_wants(tmp_path: Path) -> None:
    stopped, confirmed = sign(), sign("else@example.org")
    arrive(tmp_path, stopped, confirmed, click(confirmed), click(stopped, "manage", do="stop_mail"))
    assert StopList.objects.count() == 1
    for row in Participation.objects.all():
        with pytest.raises(Refused, match="invalid"):
            services.resend_confirmation(participation=row, by="bob")


@pytest.mark.parametrize("do", ["erase", "withdraw"])
def test_it_confirms_nobody_by_a_link_used_after_leaving(tmp_path: Path, do: str) -> None:
    signed = sign()
    arrive(tmp_path, signed, click(signed, "manage", do=do), click(signed), click(signed))
    assert states() == [{"erase": "erased", "withdraw": "withdrawn"}[do]]
    assert counters.totals(page_key=PAGE) == (1, 0)
    assert_sums_are_true()


def test_it_takes_an_old_link_for_the_old_signature_only(tmp_path: Path) -> None:
    signed, again = sign(), sign()
    arrive(tmp_path, signed, click(signed), click(signed, "withdraw"), again, click(signed))
    assert states() == ["withdrawn", "pending"]
    arrive(tmp_path, click(again))
    assert states() == ["withdrawn", "confirmed"]
    assert counters.totals(page_key=PAGE) == (2, 1)
    assert_sums_are_true()


def test_it_writes_to_nobody_on_another_campaign_after_a_stop(
    tmp_path: Path, mail_server: MailServer
) -> None:
    signed = sign()
    arrive(tmp_path, signed, click(signed, "manage", do="stop_mail"))
    arrive(tmp_path, sign("ADA+new@example.org", page=OTHER_PAGE.hex))
    sender = mail.Sender()
    while sender.send_due():
        pass
    sender.close()
    assert not mail_server.mails
    # Nothing is hidden: the signature is there, and says why nobody was asked to confirm it.
    assert states() == ["pending", "pending"]
    assert OutgoingMail.objects.get().failed == "stopped"


@pytest.mark.parametrize("do", ["withdraw", "erase"])
def test_it_finds_what_a_request_is_about_when_the_clock_goes_back(tmp_path: Path, do: str) -> None:
    first, second = sign(), sign("ada+x@example.org")
    arrive(tmp_path, first, second, click(first), click(second))
    leave = msgspec.structs.replace(click(second, "manage", do=do), at=second.at - 3_600_000)
    arrive(tmp_path, leave)
    assert len(set(states())) == 1
    assert states()[0] not in {"pending", "confirmed"}
    assert counters.totals(page_key=PAGE) == (2, 0)
    assert_sums_are_true()


def test_it_confirms_when_the_clock_has_gone_back(tmp_path: Path) -> None:
    signed = sign()
    early = msgspec.structs.replace(click(signed), at=signed.at - 3_600_000)
    arrive(tmp_path, signed, early)
    assert states() == ["confirmed"]
    assert_sums_are_true()


def test_it_keeps_the_limit_of_a_day_that_the_clock_comes_back_to() -> None:
    today = clock.now().date()
    used = [quota.reserve(index=b"a" * 32, day=today) for _ in range(3)]
    tomorrow = quota.reserve(index=b"a" * 32, day=today + timedelta(days=1))
    assert (used, tomorrow) == ([True] * 3, True)
    assert not quota.reserve(index=b"a" * 32, day=today)
    quota.forget(before=today - timedelta(days=1))
    assert not quota.reserve(index=b"a" * 32, day=today)


def test_it_sends_to_what_looked_like_a_machine_when_an_organiser_asks(
    tmp_path: Path, mail_server: MailServer
) -> None:
    signed = sign(marks=wire.MARK_HONEYPOT)
    arrive(tmp_path, signed)
    assert not OutgoingMail.objects.exists()
    services.resend_confirmation(participation=Participation.objects.get(), by="bob")
    sender = mail.Sender()
    sender.send_due()
    sender.close()
    assert mail_server.recipients == ["ada@example.org"]
    arrive(tmp_path, click(signed))
    assert states() == ["confirmed"]
    assert counters.totals(page_key=PAGE) == (1, 1)


def test_it_sends_nothing_when_the_supporter_was_faster_than_the_organiser(
    tmp_path: Path, mail_server: MailServer
) -> None:
    signed = sign()
    arrive(tmp_path, signed)
    OutgoingMail.objects.update(sent_at=clock.now())
    seen = Participation.objects.get()
    arrive(tmp_path, click(signed))
    services.resend_confirmation(participation=seen, by="bob")
    sender = mail.Sender()
    sender.send_due()
    sender.close()
    assert not mail_server.mails
    assert OutgoingMail.objects.get(sent_at=None).failed == "not needed"
