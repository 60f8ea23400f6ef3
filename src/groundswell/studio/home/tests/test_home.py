"""Home: the numbers agree with the rows, however many pages there are, and cost the same."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundswell.base import clock
from groundswell.campaigns import counters
from groundswell.delivery.models import State
from groundswell.people.models import Participation
from groundswell.people.tests.factories import Recipe, fill
from groundswell.studio import roles
from groundswell.studio.delivery.tests import scene as letters
from groundswell.studio.home import numbers
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    desk.furnish()
    return desk.client_of(roles.CAMPAIGNERS)


def shown(html: str, name: str) -> str:
    found = re.search(rf'data-number="{name}">([^<]*)<', html)
    assert found, f"{name} is not on the page"
    return found[1]


def rows_of(html: str, key: Any) -> list[str]:
    row = html.split(f'data-page="{key.hex}"')[1].split("</tr>", maxsplit=1)[0]
    return [cell.strip() for cell in re.findall(r'<td class="gw-num[^>]*>([^<]*)<', row)]


def test_it_helps_on_the_first_day(client: Client) -> None:
    html = client.get("/").content.decode()
    assert "Create your first campaign" in html
    assert "/pages/add/campaigns/campaign/" in html
    assert "data-number" not in html


def test_it_offers_no_dead_end_to_who_may_not_create() -> None:
    desk.furnish()
    html = desk.client_of(roles.MODERATORS).get("/").content.decode()
    assert "/pages/add/campaigns/campaign/" not in html
    assert "Campaigns are created by campaigners and administrators." in html


def test_it_shows_what_the_rows_say(client: Client) -> None:
    first, second = desk.make_page(title="First"), desk.make_page(title="Second")
    keys = [first.page_key, second.page_key]
    fill(1200, Recipe(page_keys=keys, until=clock.now(), over=timedelta(days=2)))
    html = client.get("/").content.decode()
    rows = Participation.objects.all()
    counted = rows.filter(counted=True)
    assert shown(html, "collected") == f"{rows.count():,}"
    assert shown(html, "confirmed") == f"{counted.count():,}"
    assert shown(html, "share") == f"{counted.count() * 100 // rows.count()}%"
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert shown(html, "today") == f"{rows.filter(received_at__gte=midnight).count():,}"
    for key in keys:
        collected, confirmed, *_ = rows_of(html, key)
        assert collected == f"{rows.filter(page_key=key).count():,}"
        assert confirmed == f"{counted.filter(page_key=key).count():,}"


@pytest.mark.parametrize(
    ("dimension", "column"),
    [("country", "country"), ("language", "language"), ("source", "source")],
)
def test_it_divides_the_sum_as_the_rows_do(dimension: str, column: str) -> None:
    desk.furnish()
    key = desk.make_page().page_key
    fill(400, Recipe(page_keys=[key], until=clock.now()))
    shares = numbers.breakdown(page_keys=[key], dimension=dimension)
    assert shares == sorted(shares, key=lambda one: (-one.collected, one.value))
    for share in shares:
        rows = Participation.objects.filter(**{dimension: share.value})
        assert share.collected == rows.count()
        assert share.confirmed == rows.filter(counted=True).count()
    assert sum(share.collected for share in shares) == 400


@pytest.mark.parametrize("unit", ["hour", "day"])
def test_it_plots_every_participation_of_the_time_once(unit: numbers.Unit) -> None:
    desk.furnish()
    key = desk.make_page().page_key
    now = clock.now()
    fill(500, Recipe(page_keys=[key], until=now, over=timedelta(hours=40)))
    plot = numbers.plot(page_keys=[key], unit=unit, now=now)
    assert plot.collected == 500
    assert plot.confirmed == Participation.objects.filter(counted=True).count()
    assert len(plot.bars) == {"hour": 48, "day": 30}[unit]


def test_it_costs_the_same_with_thirty_pages_as_with_one(client: Client) -> None:
    campaign = desk.make_campaign()
    keys = [desk.make_page(campaign, title="Page 0").page_key]
    client.get("/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(reverse("desk_live"))
    keys += [desk.make_page(campaign, title=f"Page {n}").page_key for n in range(1, 30)]
    fill(600, Recipe(page_keys=keys, until=clock.now()))
    with CaptureQueriesContext(connection) as thirty:
        html = client.get(reverse("desk_live")).content.decode()
    assert html.count("data-page=") == 30
    assert len(thirty) == len(one)


def test_it_never_reads_participations(client: Client) -> None:
    key = desk.make_page().page_key
    fill(50, Recipe(page_keys=[key], until=clock.now()))
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
        client.get(reverse("desk_action", args=[key]))
    touched = [one["sql"] for one in queries if "people_participation" in one["sql"]]
    assert touched == []
    assert any("campaigns_count" in one["sql"] for one in queries)


def test_it_writes_titles_as_text(client: Client) -> None:
    desk.make_page(desk.make_campaign("<script>alert(1)</script>"), title='"><img src=x onerror=1>')
    html = client.get("/").content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize(
    ("opens", "closes", "live", "words"),
    [
        (None, None, True, "Open"),
        (timedelta(days=1), None, True, "Scheduled"),
        (None, timedelta(days=-1), True, "Closed"),
        (None, None, False, "Taken down"),
    ],
)
def test_it_says_what_a_page_is_to_the_public(
    client: Client, opens: timedelta | None, closes: timedelta | None, live: bool, words: str
) -> None:
    now = clock.now()
    campaign = desk.make_campaign(opens_at=opens and now + opens, closes_at=closes and now + closes)
    page = desk.make_page(campaign)
    page.live = live
    page.save(update_fields=["live"])
    html = client.get("/").content.decode()
    row = html.split(f'data-page="{page.page_key.hex}"')[1].split("</tr>")[0]
    assert f">{words}</span>" in row
    assert ("Public page" in row) == live


def test_it_calls_what_was_never_published_a_draft(client: Client) -> None:
    page = desk.make_page()
    page.live, page.first_published_at = False, None
    page.save(update_fields=["live", "first_published_at"])
    row = client.get("/").content.decode().split(f'data-page="{page.page_key.hex}"')[1]
    assert ">Draft</span>" in row.split("</tr>")[0]


def test_it_begins_today_at_the_organisers_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.furnish()
    key = desk.make_page().page_key
    # 20:00 in London on the 21st is half past one at night on the 22nd in Kathmandu.
    now = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    for minutes in (10, 120, 200):
        change = counters.change(
            page_key=key,
            at=now - timedelta(minutes=minutes),
            country="NP",
            language="en",
            source="",
            collected=1,
        )
        counters.add(change)
    monkeypatch.setattr(numbers, "_zone", lambda: ZoneInfo("Asia/Kathmandu"))
    assert numbers.tallies(page_keys=[key], now=now)[key].collected_today == 1
    monkeypatch.setattr(numbers, "_zone", lambda: ZoneInfo("Europe/London"))
    assert numbers.tallies(page_keys=[key], now=now)[key].collected_today == 3


def test_it_shows_both_hours_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.furnish()
    key = desk.make_page().page_key
    monkeypatch.setattr(numbers, "_zone", lambda: ZoneInfo("Europe/Berlin"))
    now = datetime(2026, 10, 25, 4, 0, tzinfo=UTC)
    for hour, number in ((0, 3), (1, 5)):  # 02:xx twice, first in summer time
        at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        one = counters.change(
            page_key=key, at=at, country="", language="en", source="", collected=number
        )
        counters.add(one)
    plot = numbers.plot(page_keys=[key], unit="hour", now=now)
    twice = [drawn.bar for drawn in plot.bars if drawn.bar.label.endswith("02:00")]
    assert [bar.collected for bar in twice if bar.collected] == [3, 5]


def test_it_has_a_page_for_each_action(client: Client) -> None:
    page = desk.make_page(title="Sign for the room")
    fill(100, Recipe(page_keys=[page.page_key], until=clock.now()))
    answer = client.get(reverse("desk_action", args=[page.page_key]) + "?by=day")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert shown(html, "collected") == "100"
    assert "The last 30 days, by day" in html
    assert f"{reverse('desk_action_live', args=[page.page_key])}?by=day" in html
    fragment = client.get(reverse("desk_action_live", args=[page.page_key])).content.decode()
    assert shown(fragment, "collected") == "100"
    assert "<html" not in fragment


def test_it_knows_no_page_it_does_not_have(client: Client) -> None:
    stranger = "00000000-0000-0000-0000-00000000abcd"
    assert client.get(reverse("desk_action", args=[stranger])).status_code == 404
    assert client.get(reverse("desk_action_live", args=[stranger])).status_code == 404


def test_it_shows_a_page_in_several_languages_once(client: Client) -> None:
    from wagtail.models import Locale

    campaign = desk.make_campaign()
    page = desk.make_page(campaign)
    arabic = Locale.objects.get(language_code="ar")
    campaign.copy_for_translation(arabic)
    copy = page.copy_for_translation(arabic)
    copy.live = True
    copy.save()
    html = client.get("/").content.decode()
    assert html.count("data-page=") == 1
    detail = client.get(reverse("desk_action", args=[page.page_key])).content.decode()
    assert "English, Arabic" in detail


def test_it_counts_calls_apart_from_what_is_confirmed(client: Client) -> None:
    letter, call = desk.make_page(title="Write"), desk.make_page(title="Ring")
    type(letter).objects.filter(pk=letter.pk).update(kind="letter")
    type(call).objects.filter(pk=call.pk).update(kind="call")
    keys = [letter.page_key, call.page_key]
    fill(20, Recipe(page_keys=keys, until=clock.now(), over=timedelta(hours=1)))
    told = Participation.objects.filter(page_key=call.page_key).count()
    html = client.get("/").content.decode()
    assert shown(html, "collected") == str(20 - told)
    assert shown(html, "calls") == str(told)
    assert rows_of(html, call.page_key)[:3] == [str(told), "–", "–"]
    assert f"/delivery/{call.page_key}/" in html
    alone = client.get(f"/actions/{call.page_key}/").content.decode()
    assert shown(alone, "collected") == str(told)
    assert "as callers told us" in alone
    assert 'data-number="confirmed"' not in alone


def test_it_says_on_home_what_became_of_letters(client: Client) -> None:
    scene = letters.make("Write")
    letters.go(scene.send(3), State.SENDING, State.ACCEPTED)
    letters.go(scene.send(1), State.SENDING, State.BOUNCED)
    html = client.get("/").content.decode()
    assert "Letters: 3 accepted, 0 on the way, 1 came back or failed" in html
