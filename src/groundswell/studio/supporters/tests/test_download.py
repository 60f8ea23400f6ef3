"""The export as an organiser meets it: choosing, downloading, the name of the file."""

import csv
import io
from typing import Any

import pytest
from django.test import Client

from groundswell.base import clock
from groundswell.people.models import AuditEntry
from groundswell.people.tests import factories
from groundswell.people.tests.factories import Recipe, fill
from groundswell.studio import roles
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db
COLUMNS = {"clear": ["id", "page", "state"], "personal": ["given_name", "email"]}


@pytest.fixture
def client() -> Client:
    desk.furnish()
    return desk.client_of(roles.ADMINISTRATORS)


def lines(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_it_streams_what_the_list_showed(client: Client) -> None:
    page, other = desk.make_page(title="Sign for the room"), desk.make_page(title="Elsewhere")
    fill(40, Recipe(page_keys=[page.page_key, other.page_key], until=clock.now()))
    answer = client.post(f"/supporters/export/?page={page.page_key}&state=confirmed", COLUMNS)
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    header, *rows = lines(answer)
    assert header == ["id", "page", "state", "given_name", "email"]
    assert rows
    assert {(row[1], row[2]) for row in rows} == {
        ("Campaign of Sign for the room · Sign for the room", "confirmed")
    }


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "supporters"),
        ("page={page}", "sign-for-the-room"),
        ("page=campaign-{campaign}", "the-reading-room"),
    ],
)
def test_it_names_the_file_for_what_is_in_it(client: Client, query: str, name: str) -> None:
    campaign = desk.make_campaign("The reading room")
    page = desk.make_page(campaign, title="Sign for the room")
    desk.make_page(campaign, title="Another")
    query = query.format(page=page.page_key, campaign=campaign.pk)
    answer = client.post(f"/supporters/export/?{query}", COLUMNS)
    assert answer["Content-Disposition"] == (
        f'attachment; filename="{name}-{clock.now():%Y-%m-%d}.csv"'
    )
    lines(answer)


def test_it_offers_the_questions_and_consents_of_what_is_in_it(client: Client) -> None:
    page = desk.make_page()
    factories.add_one(page_key=page.page_key, fields={"q_visits": "Today"}, consents=["news"])
    html = client.get(f"/supporters/export/?page={page.page_key}").content.decode()
    assert "Last visit?" in html
    assert 'value="news"' in html
    answer = client.post(
        f"/supporters/export/?page={page.page_key}",
        {"custom": ["q_visits"], "consents": ["news"], "bom": "on"},
    )
    header, row = lines(answer)
    assert header == ["Last visit?", "consent_news_text", "consent_news_given"]
    assert row[:2] == ["Today", "0123456789ab"]


@pytest.mark.parametrize("data", [{}, {"personal": ["password"]}, {"custom": ["q_unknown"]}])
def test_it_takes_only_columns_it_offered(client: Client, data: dict[str, list[str]]) -> None:
    answer = client.post("/supporters/export/", data)
    assert answer.status_code == 422
    assert not AuditEntry.objects.exists()
