"""The list, finding somebody, and one participation's page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groundswell.base import clock, wire
from groundswell.people import audit, queries
from groundswell.people.models import AuditEntry, Event, OutgoingMail, Participation
from groundswell.people.tests import factories
from groundswell.people.tests.factories import Recipe, fill
from groundswell.studio import roles
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    desk.furnish()
    return desk.client_of(roles.MODERATORS)


def listed(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/supporters/([0-9a-f-]{36})/"', html)


def test_it_says_what_to_do_when_nobody_has_signed(client: Client) -> None:
    assert "Create a campaign first." in client.get("/supporters/").content.decode()
    desk.make_page()
    html = client.get("/supporters/").content.decode()
    assert "Nobody has signed yet." in html
    assert "Share the link of an action page." in html


def test_it_pages_through_everybody_once_while_others_arrive(client: Client) -> None:
    key = desk.make_page().page_key
    fill(130, Recipe(page_keys=[key], until=clock.now()))
    before = set(Participation.objects.values_list("submission_id", flat=True))
    seen: list[str] = []
    address = "/supporters/"
    while address:
        html = client.get(address).content.decode()
        seen += listed(html)
        fill(5, Recipe(page_keys=[key], until=clock.now(), seed=len(seen)))
        older = re.search(r'rel="next" href="([^"]+)"', html)
        address = "/supporters/" + older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == 130
    assert set(seen) == {str(one) for one in before}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("state=confirmed", {"state": "confirmed"}),
        ("country=DE", {"country": "DE"}),
        ("language=ar", {"language": "ar"}),
        ("source=whatsapp", {"source": "whatsapp"}),
        ("duplicates=on", {"rank__gt": 0}),
        ("marked=on", {"marks__gt": 0}),
        ("state=confirmed&country=FR", {"state": "confirmed", "country": "FR"}),
    ],
)
def test_it_filters(client: Client, query: str, wanted: dict[str, object]) -> None:
    key = desk.make_page().page_key
    fill(60, Recipe(page_keys=[key], until=clock.now(), duplicates=0.2))
    factories.add_one(page_key=key, marks=wire.MARK_QUICK, country="FR")
    ids = listed(client.get(f"/supporters/?{query}").content.decode())
    rows = Participation.objects.filter(**wanted)
    assert 0 < rows.count() <= 50
    assert set(ids) == {str(row.submission_id) for row in rows}


def test_it_filters_by_page_and_by_campaign(client: Client) -> None:
    campaign = desk.make_campaign()
    pages = [desk.make_page(campaign, title=f"Page {n}") for n in range(2)]
    other = desk.make_page(title="Elsewhere")
    for page in [*pages, other]:
        factories.add_one(page_key=page.page_key)
    alone = listed(client.get(f"/supporters/?page={pages[0].page_key}").content.decode())
    together = listed(client.get(f"/supporters/?page=campaign-{campaign.pk}").content.decode())
    assert (len(alone), len(together)) == (1, 2)


@pytest.mark.parametrize(
    "query", ["page=nonsense", "state=x", "before=-1", "before=9%00", "before=" + "9" * 40]
)
def test_it_shrugs_at_a_broken_address(client: Client, query: str) -> None:
    assert client.get(f"/supporters/?{query}").status_code == 200


def test_it_says_how_far_it_has_looked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LOOK_BACK", 20)
    key = desk.make_page().page_key
    rare = factories.add_one(page_key=key, marks=wire.MARK_HONEYPOT)
    fill(45, Recipe(page_keys=[key], until=clock.now()))
    html, found, steps = "", [], 0
    address = "/supporters/?marked=on"
    while address and steps < 9:
        html = client.get(address).content.decode()
        found += listed(html)
        steps += 1
        older = re.search(r'rel="next" href="([^"]+)"', html)
        address = "/supporters/" + older[1].replace("&amp;", "&") if older else ""
        assert bool(older) == ("We have looked back to" in html)
    assert found == [str(rare.submission_id)]
    assert steps == 3


def test_it_finds_an_address_in_any_spelling_on_every_page(client: Client) -> None:
    first, second = desk.make_page(title="One"), desk.make_page(title="Two")
    for key in (first.page_key, second.page_key):
        factories.add_one(page_key=key, fields={"email": "mara.lund@gmail.com"})
    factories.add_one(page_key=first.page_key, fields={"email": "somebody.else@gmail.com"})
    answer = client.post("/supporters/find/", {"email": " MaraLund+news@googlemail.com "})
    html = answer.content.decode()
    assert len(listed(html)) == 2
    assert "2 signatures came from this address." in html


def test_it_keeps_the_address_out_of_urls_logs_and_the_audit(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    desk.make_page()
    answer = client.post("/supporters/find/", {"email": "mara@example.org"}, follow=True)
    assert answer.redirect_chain == []
    assert "Nothing came from this address." in answer.content.decode()
    client.get("/supporters/find/?email=mara@example.org")
    assert "mara" not in caplog.text
    entry = AuditEntry.objects.get(action=audit.FIND)
    assert (entry.organiser, entry.object, entry.detail) == ("moderator", "", "found=0")


def test_it_asks_for_a_whole_address(client: Client) -> None:
    answer = client.post("/supporters/find/", {"email": "mara"})
    assert answer.status_code == 422
    assert "This is not a whole e-mail address." in answer.content.decode()
    assert not AuditEntry.objects.filter(action=audit.FIND).exists()


def test_it_shows_one_with_all_that_happened_and_writes_that_down(client: Client) -> None:
    page = desk.make_page(title="Sign for the room")
    moment = clock.now()
    row = factories.add_one(
        page_key=page.page_key,
        fields={"comment": "Two\nlines", "q_visits": "Tuesday", "q_gone": "left over"},
        consents=["news"],
        marks=wire.MARK_QUICK,
        confirmed_at=moment,
        state="confirmed",
    )
    Event.objects.create(participation=row, at=moment, what="mail_stopped", by="supporter")
    OutgoingMail.objects.create(participation=row, template="reminder", due_at=moment, failed="550")
    html = client.get(f"/supporters/{row.submission_id}/").content.decode()
    for words in (
        "Ada Ling", "ada@example.org", "Two<br>lines", "Last visit?", "Tuesday", "left over",
        "A question that is no longer asked", "Sign for the room", "Sent and stored",
        "Agreed to: news 0123456789ab", "Mail sent: request to confirm", "Confirmed",
        "Asked for no more mail", "reminder 550", "Sent faster than people type",
    ):  # fmt: skip
        assert words in html, words
    entry = AuditEntry.objects.get(action=audit.VIEW)
    assert (entry.organiser, entry.object, entry.detail) == (
        "moderator", row.submission_id.hex, "",
    )  # fmt: skip


def test_it_shows_what_else_came_from_the_address(client: Client) -> None:
    page, other = desk.make_page(title="One"), desk.make_page(title="Two")
    row = factories.add_one(page_key=page.page_key)
    twin = factories.add_one(page_key=page.page_key, rank=1)
    elsewhere = factories.add_one(page_key=other.page_key)
    factories.add_one(page_key=page.page_key, fields={"email": "bo@example.org"})
    html = client.get(f"/supporters/{row.submission_id}/").content.decode()
    assert set(listed(html)) == {str(twin.submission_id), str(elsewhere.submission_id)}


def test_it_writes_names_and_answers_as_text(client: Client) -> None:
    key = desk.make_page().page_key
    evil = "<script>alert(1)</script>"
    row = factories.add_one(
        page_key=key,
        fields={"given_name": evil, "family_name": '"><img src=x>', "comment": evil},
        source="a-b",
    )
    for answer in (
        client.get("/supporters/"),
        client.get(f"/supporters/{row.submission_id}/"),
        client.post("/supporters/find/", {"email": "ada@example.org"}),
    ):
        html = answer.content.decode()
        assert "&lt;script&gt;" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_it_opens_what_no_key_opens_without_failing(client: Client) -> None:
    row = factories.add_one(page_key=desk.make_page().page_key, sealed=b"\x01" + b"x" * 60)
    html = client.get(f"/supporters/{row.submission_id}/").content.decode()
    assert "cannot be opened with the keys" in html
    assert client.get("/supporters/").status_code == 200


def test_it_asks_the_database_no_more_for_fifty_than_for_one(client: Client) -> None:
    key = desk.make_page().page_key
    factories.add_one(page_key=key)
    client.get("/supporters/")
    with CaptureQueriesContext(connection) as one:
        client.get("/supporters/")
    fill(80, Recipe(page_keys=[key], until=clock.now(), over=timedelta(hours=1)))
    with CaptureQueriesContext(connection) as fifty:
        html = client.get("/supporters/").content.decode()
    assert len(listed(html)) == 50
    assert len(fifty) == len(one)


def test_it_writes_down_each_look_at_the_list(client: Client) -> None:
    fill(7, Recipe(page_keys=[desk.make_page().page_key], until=clock.now()))
    client.get(reverse("desk_supporters") + "?language=en")
    entry = AuditEntry.objects.get(action=audit.LIST)
    assert entry.detail.startswith("rows=")
    assert "language=en" in entry.detail
