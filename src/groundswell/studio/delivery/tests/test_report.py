"""The delivery report says what the rows say, and costs the same for any number of them."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.delivery import services
from groundswell.delivery.models import Parcel, State
from groundswell.people.models_letters import CallTally
from groundswell.studio import roles
from groundswell.studio.delivery.tests import scene as scenes
from groundswell.studio.delivery.tests.scene import OFFICE, SENATOR, Scene, go
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return scenes.make()


@pytest.fixture
def bob(scene: Scene) -> Client:
    return desk.client_of(roles.CAMPAIGNERS, name="bob")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def fill(scene: Scene) -> None:
    """Five accepted, two waiting, one failed, one come back; three with the supporter."""
    go(scene.send(5), State.SENDING, State.ACCEPTED, words="250 queued")
    scene.send(2)
    go(scene.send(1, target=OFFICE), State.SENDING, State.FAILED, words="550 <b>no</b> such box")
    go(scene.send(1, target=OFFICE), State.SENDING, State.BOUNCED)
    scene.send(3, target=OFFICE, channel="form")


def row(html: str, target: str) -> str:
    return html.split(f'data-target="{target}"')[1].split("</tr>", maxsplit=1)[0]


def cell(html: str, label: str) -> str:
    return html.split(f'data-label="{label}">')[1].split("<", maxsplit=1)[0]


def test_it_says_what_to_expect_while_nothing_was_sent(bob: Client, scene: Scene) -> None:
    assert "No letter yet." in text(bob, f"/delivery/{scene.page_key}/")
    assert "No letter yet." in text(bob, f"/delivery/{scene.page_key}/letters/")


def test_it_shows_the_way_on_the_first_day(bob: Client, scene: Scene) -> None:
    type(desk.make_page()).objects.update(kind="petition")
    assert "No page with letters or calls yet." in text(bob, "/delivery/")
    assert bob.get(f"/delivery/{scene.page_key}/").status_code == 404


def test_it_shows_what_the_rows_say(bob: Client, scene: Scene) -> None:
    fill(scene)
    html = text(bob, f"/delivery/{scene.page_key}/")
    assert "12 letters" in html
    for name, number in (("accepted", 5), ("way", 2), ("supporter", 3), ("back", 2)):
        assert f'data-part="{name}">{number}</strong>' in html
    senator, office = row(html, SENATOR), row(html, OFFICE)
    assert (cell(senator, "Accepted"), cell(senator, "On the way")) == ("5", "2")
    assert (cell(office, "Came back"), cell(office, "Failed")) == ("1", "1")
    assert cell(office, "With supporter") == "3"
    listed = text(bob, "/delivery/")
    assert cell(listed, "Letters") == "12"
    assert cell(listed, "Came back or failed") == "2"


def test_it_costs_the_same_for_many_letters(bob: Client, scene: Scene) -> None:
    fill(scene)
    addresses = (
        "/delivery/",
        f"/delivery/{scene.page_key}/",
        f"/delivery/{scene.page_key}/letters/",
    )
    few = [queries(bob, address) for address in addresses]
    for _ in range(4):
        fill(scene)
    assert [queries(bob, address) for address in addresses] == few


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        client.get(address)
    counted = [one["sql"] for one in caught if "COUNT(" in one["sql"] and "parcel" in one["sql"]]
    assert counted == []
    return len(caught)


def test_it_lists_letters_one_by_one(bob: Client, scene: Scene) -> None:
    fill(scene)
    base = f"/delivery/{scene.page_key}/letters/"
    assert text(bob, base).count("/delivery/letter/") == 12
    failed = text(bob, f"{base}?state=failed")
    assert failed.count("/delivery/letter/") == 1
    assert "550 &lt;b&gt;no&lt;/b&gt; such box" in failed
    assert text(bob, f"{base}?channel=form").count("/delivery/letter/") == 3
    assert text(bob, f"{base}?target={SENATOR}").count("/delivery/letter/") == 7
    assert "No letter fits these filters." in text(bob, f"{base}?state=opened")
    assert text(bob, f"{base}?state=nonsense&after=x").count("/delivery/letter/") == 12


def test_it_pages_by_key(bob: Client, scene: Scene) -> None:
    scene.send(120)
    seen: list[str] = []
    address = f"/delivery/{scene.page_key}/letters/"
    page = f"{address}?state=queued"
    while page:
        html = text(bob, page)
        seen += [part.split("/", maxsplit=1)[0] for part in html.split("/delivery/letter/")[1:]]
        older = html.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        page = f"{address}{older}" if older else ""
    assert len(seen) == len(set(seen)) == 120


def test_it_tells_every_step_of_one_letter(bob: Client, scene: Scene) -> None:
    (one,) = scene.send(1)
    Parcel.objects.filter(pk=one.pk).update(tries=1, unsure=1)
    one.refresh_from_db()
    go([one], State.SENDING, State.FAILED, words="550 gone: ann@example.org")
    html = text(bob, f"/delivery/letter/{one.key}/")
    places = [
        html.index(f"<strong>{words}</strong>")
        for words in ("Waiting to go out", "Going out now", "Could not be delivered")
    ]
    assert places == sorted(places)
    assert "550 gone: &lt;address&gt;" in html
    assert "ann@example.org" not in html
    assert "try 1" in html
    assert "It may have arrived twice." in html
    assert "Open the supporter" not in html


def test_it_knows_no_letter_that_is_not_there(bob: Client, scene: Scene) -> None:
    assert bob.get(f"/delivery/letter/{scene.page_key}/").status_code == 404


def test_it_gives_the_report_as_a_file(bob: Client, scene: Scene) -> None:
    fill(scene)
    go(scene.send(1), State.SENDING, State.FAILED, words="=cmd|' /C calc'!A0")
    lines = list(csv.reader(StringIO(download(bob, f"/delivery/{scene.page_key}/letters.csv"))))
    assert len(lines) == 14
    assert lines[0][1] == "decision_maker"
    assert lines[1][10] == "'=cmd|' /C calc'!A0"
    some = download(bob, f"/delivery/{scene.page_key}/letters.csv?state=accepted")
    assert some.count("Maria Cantwell") == 5


def download(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    assert answer["Content-Type"].startswith("text/csv")
    return b"".join(answer.streaming_content).decode()


def test_it_reads_the_file_in_pieces(
    bob: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundswell.studio.delivery.downloads.CHUNK", 3)
    scene.send(9)
    assert download(bob, f"/delivery/{scene.page_key}/letters.csv").count("Maria Cantwell") == 9


def test_it_shows_calls_as_callers_told_them() -> None:
    scene = scenes.make("Ring the Senate", kind="call")
    for outcome, number in (("reached", 12), ("busy", 3)):
        CallTally.objects.create(
            page_key=scene.page_key, target=SENATOR, outcome=outcome, number=number
        )
    client = desk.client_of(roles.CAMPAIGNERS)
    html = text(client, f"/delivery/{scene.page_key}/")
    assert 'data-number="reached">12<' in html
    assert cell(row(html, SENATOR), "Calls") == "15"
    assert cell(row(html, SENATOR), "Voicemail") == "0"
    assert cell(text(client, "/delivery/"), "Calls") == "15"


def test_it_says_when_a_page_is_held(bob: Client, scene: Scene) -> None:
    scene.send(2)
    services.pause(page_key=scene.page_key, by="bob", reason="Wait for <Monday>")
    html = text(bob, f"/delivery/{scene.page_key}/")
    assert "These letters are paused." in html
    assert "Wait for &lt;Monday&gt;" in html
    assert cell(row(html, SENATOR), "Held") == "2"
    assert "Paused" in text(bob, "/delivery/")
