"""Resend, withdraw, erase: each by POST, each on the record, each said in plain words."""

from typing import Any

import pytest
from django.test import Client

from groundswell.base import clock, env
from groundswell.campaigns import counters
from groundswell.people import audit
from groundswell.people.confirm import Click, confirm
from groundswell.people.models import AuditEntry, MailDay, OutgoingMail, Participation, StopList
from groundswell.people.tests import factories
from groundswell.studio import roles
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    desk.furnish()
    return desk.client_of(roles.MODERATORS)


@pytest.fixture
def row(client: Client) -> Participation:
    return factories.add_one(page_key=desk.make_page().page_key, consents=["news"])


def post(client: Client, row: Participation, action: str, **data: str) -> Any:
    return client.post(f"/supporters/{row.submission_id}/{action}/", data, follow=True)


def entry(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=action)


def test_it_sends_the_confirmation_again(client: Client, row: Participation) -> None:
    html = post(client, row, "resend").content.decode()
    assert "The confirmation mail is on its way again." in html
    assert "Confirmation mail asked for again" in html
    assert OutgoingMail.objects.filter(participation=row, sent_at=None).count() == 1
    assert (entry(audit.RESEND).object, entry(audit.RESEND).detail) == (row.submission_id.hex, "")


def test_it_sends_no_more_than_an_address_may_get(client: Client, row: Participation) -> None:
    limit = env.load().mails_per_address
    MailDay.objects.create(email_index=row.email_index, day=clock.now().date(), sent=limit)
    html = post(client, row, "resend").content.decode()
    assert f"this address has had {limit} mails from us today" in html
    assert not OutgoingMail.objects.filter(participation=row, sent_at=None).exists()
    assert entry(audit.RESEND).detail == "refused: too_many"


def test_it_writes_to_nobody_who_asked_for_silence(client: Client, row: Participation) -> None:
    StopList.objects.create(email_index=row.email_index, at=clock.now())
    assert "Not sent:" in post(client, row, "resend").content.decode()
    assert not OutgoingMail.objects.filter(participation=row, sent_at=None).exists()


def test_it_withdraws_with_a_reason_and_corrects_the_count(
    client: Client, row: Participation
) -> None:
    confirm(clicks=[Click(row.submission_id, clock.now())])
    assert counters.totals(page_key=row.page_key).confirmed == 1
    html = post(client, row, "withdraw", reason="not_theirs").content.decode()
    assert "Withdrawn. The public count has been corrected." in html
    assert "The supporter says they did not sign" in html
    row.refresh_from_db()
    assert (row.state, row.counted) == ("withdrawn", False)
    assert counters.totals(page_key=row.page_key).confirmed == 0
    assert entry(audit.WITHDRAW).detail == "reason=not_theirs"


@pytest.mark.parametrize("reason", ["", "because Ada Ling asked"])
def test_it_withdraws_for_no_other_reason(client: Client, row: Participation, reason: str) -> None:
    answer = post(client, row, "withdraw", reason=reason)
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.state == "pending"
    assert not AuditEntry.objects.filter(action=audit.WITHDRAW).exists()


def test_it_erases_everything_of_the_address(client: Client, row: Participation) -> None:
    other = factories.add_one(page_key=desk.make_page(title="Elsewhere").page_key)
    html = post(client, row, "erase", word="erase").content.decode()
    assert "Erased. Nothing is left that tells who this was." in html
    assert "ada@example.org" not in html
    for one in (row, other):
        one.refresh_from_db()
        assert (one.state, bytes(one.sealed), one.email_index) == ("erased", b"", None)
    assert entry(audit.ERASE).object == row.submission_id.hex
    found = client.post("/supporters/find/", {"email": "ada@example.org"}).content.decode()
    assert "Nothing came from this address." in found


@pytest.mark.parametrize("word", ["", "yes", "erase!"])
def test_it_erases_nobody_without_the_word(client: Client, row: Participation, word: str) -> None:
    answer = post(client, row, "erase", word=word)
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.sealed
    assert not AuditEntry.objects.filter(action=audit.ERASE).exists()


def test_it_does_nothing_by_get(client: Client, row: Participation) -> None:
    for action in ("resend", "withdraw", "erase"):
        client.get(f"/supporters/{row.submission_id}/{action}/", {"word": "erase"})
    row.refresh_from_db()
    assert (row.state, bool(row.sealed)) == ("pending", True)


def test_it_says_what_erasing_means_before_it_does(client: Client, row: Participation) -> None:
    html = client.get(f"/supporters/{row.submission_id}/erase/").content.decode()
    assert "It cannot be undone" in html
    assert "on every campaign" in html


def test_it_offers_only_what_is_left_to_do(client: Client, row: Participation) -> None:
    post(client, row, "erase", word="ERASE")
    html = client.get(f"/supporters/{row.submission_id}/").content.decode()
    assert "Nothing is left to do here." in html
    for action in ("resend", "withdraw", "erase"):
        assert f"/{row.submission_id}/{action}/" not in html
    assert (
        "Nothing is left to erase."
        in client.get(f"/supporters/{row.submission_id}/erase/").content.decode()
    )


def test_it_withdraws_or_erases_nothing_twice(client: Client, row: Participation) -> None:
    post(client, row, "withdraw", reason="test")
    again = post(client, row, "withdraw", reason="test")
    assert again.status_code == 409
    post(client, row, "erase", word="erase")
    assert post(client, row, "erase", word="erase").status_code == 409
    assert AuditEntry.objects.filter(action=audit.WITHDRAW).count() == 1
    assert AuditEntry.objects.filter(action=audit.ERASE).count() == 1
