"""The privacy page's promise is kept: nobody is left in a campaign that ended long ago."""

import shutil
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from wagtail.models import PageLogEntry

from groundswell.base import breath, clock, env
from groundswell.campaigns import counters
from groundswell.campaigns.models import ActionPage, Campaign, SiteHome
from groundswell.campaigns.services import create_action_page, create_campaign
from groundswell.people import retention
from groundswell.people.models import AuditEntry, Consent, Event, OutgoingMail, Participation
from groundswell.people.recount import recount
from groundswell.people.tests import factories
from groundswell.studio import bootstrap

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=31)
NUMBER = 1200


@pytest.fixture
def home(db: None) -> SiteHome:
    shutil.rmtree(env.load().path("site"), ignore_errors=True)
    bootstrap.furnish()
    main: SiteHome = SiteHome.objects.get(locale__language_code="en")
    return main


def campaign(home: SiteHome, **fields: Any) -> ActionPage:
    """A live campaign, its data kept for six months."""
    made = create_campaign(home=home, title="Clean air", summary="Breathe.", demands=[])
    Campaign.objects.filter(pk=made.pk).update(privacy_retention_months=6)
    made.refresh_from_db()
    page: ActionPage = create_action_page(campaign=made, title="Sign", text="<p>We ask.</p>")
    made.save_revision().publish()
    page.save_revision().publish()
    Campaign.objects.filter(pk=made.pk).update(**fields)
    return page


def signed(page_key: UUID, *, until: datetime, number: int = 3) -> UUID:
    factories.fill(number, factories.Recipe(page_keys=[page_key], until=until, seed=number))
    return page_key


def unpublished(page: ActionPage, at: datetime) -> None:
    page.campaign.unpublish()
    PageLogEntry.objects.filter(action="wagtail.unpublish").update(timestamp=at)


def left(page_key: UUID) -> int:
    rows = Participation.objects.filter(page_key=page_key).exclude(state="erased")
    assert not rows.filter(sealed=b"").exists()
    return rows.count()


def sums(page_key: UUID) -> list[list[counters.Slice]]:
    names: list[counters.Dimension] = ["all", "window", "country", "language", "source"]
    return [counters.by(page_key=page_key, dimension=name) for name in names]


def test_it_erases_everybody_and_keeps_every_number(home: SiteHome) -> None:
    end = clock.now() - 7 * MONTH
    page = campaign(home, closes_at=end)
    key = signed(page.page_key, until=end, number=NUMBER)
    row = factories.add_one(page_key=key, consents=["news"], received_at=end)
    before = sums(key)
    assert before[0][0].confirmed > 0
    retention.keep_promises()
    assert left(key) == 0
    rows = Participation.objects.filter(page_key=key)
    assert {(bytes(one.sealed), one.email_index, one.rank) for one in rows} == {(b"", None, 0)}
    assert sums(key) == before
    assert recount(page_key=key) == []
    assert rows.filter(counted=True).count() == before[0][0].confirmed
    assert not rows.filter(counted=False).exclude(confirmed_at=None).exists()
    moments = {moment for one in rows for moment in (one.received_at, one.confirmed_at) if moment}
    assert {(one.minute % 15, one.second, one.microsecond) for one in moments} == {(0, 0, 0)}
    assert not Consent.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert set(Event.objects.filter(participation=row).values_list("what", "by", "detail")) == {
        ("erased", "core", "retention")
    }


def test_it_says_once_in_the_audit_log_what_it_did(home: SiteHome) -> None:
    end = clock.now() - 7 * MONTH
    key = signed(campaign(home, closes_at=end).page_key, until=end)
    retention.keep_promises()
    retention.keep_promises()
    entry = AuditEntry.objects.get()
    assert (entry.organiser, entry.action) == ("core", "retention")
    assert entry.detail == f"page={key.hex} rows=3"


def test_it_goes_on_where_it_was_stopped(home: SiteHome) -> None:
    end = clock.now() - 7 * MONTH
    key = signed(campaign(home, closes_at=end).page_key, until=end, number=NUMBER)

    def stop() -> None:
        raise breath.Stopping

    breath.becomes(stop)
    try:
        with pytest.raises(breath.Stopping):
            retention.keep_promises()
    finally:
        breath.becomes(lambda: None)
    assert left(key) == NUMBER - retention.BATCH
    retention.keep_promises()
    assert left(key) == 0
    assert recount(page_key=key) == []


@pytest.mark.parametrize("closes", [None, 5 * MONTH, -MONTH])
def test_it_touches_nobody_before_the_time(home: SiteHome, closes: timedelta | None) -> None:
    closes_at = clock.now() - closes if closes else None
    key = signed(campaign(home, closes_at=closes_at).page_key, until=clock.now() - 9 * MONTH)
    retention.keep_promises()
    assert left(key) == 3
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("months_ago", "erased"), [(7, True), (5, False)])
def test_it_counts_from_the_day_a_campaign_was_unpublished(
    home: SiteHome, months_ago: int, erased: bool
) -> None:
    page = campaign(home)
    key = signed(page.page_key, until=clock.now() - 9 * MONTH)
    unpublished(page, clock.now() - months_ago * MONTH)
    retention.keep_promises()
    assert (left(key) == 0) == erased


def test_it_counts_from_the_date_when_that_came_first(home: SiteHome) -> None:
    page = campaign(home, closes_at=clock.now() - 7 * MONTH)
    key = signed(page.page_key, until=clock.now() - 9 * MONTH)
    unpublished(page, clock.now() - MONTH)
    retention.keep_promises()
    assert left(key) == 0


@pytest.mark.parametrize(("months_ago", "erased"), [(25, True), (22, False)])
def test_it_counts_from_the_last_signature_when_the_page_is_gone(
    home: SiteHome, months_ago: int, erased: bool
) -> None:
    key = signed(uuid4(), until=clock.now() - months_ago * MONTH)
    retention.keep_promises()
    assert (left(key) == 0) == erased


def test_it_keeps_within_the_calendar() -> None:
    day = datetime(2026, 8, 31, 12, tzinfo=UTC)
    assert retention.months_after(day, 6) == datetime(2027, 2, 28, 12, tzinfo=UTC)
    assert retention.months_after(day, 4) == datetime(2026, 12, 31, 12, tzinfo=UTC)
    assert retention.months_after(day, 28) == datetime(2028, 12, 31, 12, tzinfo=UTC)
