"""An import is seen before it is loaded; each broken row says its row, column and mend."""

import csv
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundswell.base import env
from groundswell.directory import queries
from groundswell.directory.models import Edition
from groundswell.people import audit
from groundswell.people.models import AuditEntry
from groundswell.studio import roles
from groundswell.studio.directory import imports, uploads
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db
HEADING = "name,role,organization,country,email,phone"
GOOD = [
    f"Minister {n},Foreign minister,Ministry of country {n},vn,office{n}@mfa.example,"
    for n in range(12)
]
BROKEN = [
    "=HYPERLINK(1),Foreign minister,Ministry,fr,a@mfa.example,",
    "Minister A,Foreign minister,Ministry,F1,a@mfa.example,",
    "Minister B,Foreign minister,Ministry,fr,not an address,",
    "Minister C,Foreign minister,Ministry,fr,,",
]


@pytest.fixture(autouse=True)
def _no_file_of_other_tests() -> None:
    shutil.rmtree(env.load().path("imports"), ignore_errors=True)


@pytest.fixture
def bob() -> Client:
    desk.furnish()
    return desk.client_of(roles.CAMPAIGNERS, name="bob")


def send(client: Client, lines: list[str], *, name: str = "ministers.csv", source: str = "") -> str:
    file = SimpleUploadedFile(name, "\n".join([HEADING, *lines]).encode())
    answer = client.post("/directory/import/", {"file": file, "source": source})
    assert answer["Location"] == "/directory/import/check/"
    return client.get("/directory/import/check/").content.decode()


def kept() -> list[Path]:
    folder = env.load().path("imports")
    return list(folder.iterdir()) if folder.exists() else []


def test_it_shows_what_a_file_comes_to_and_loads_nothing(bob: Client) -> None:
    html = send(bob, [*GOOD, *BROKEN])
    assert 'data-number="good">12<' in html
    assert 'data-number="bad">4<' in html
    assert "Minister 0, Minister 1" in html
    for words in ("country", "is no country code", "two letters, like fr or vn", ">15<"):
        assert words in html
    assert "Load 12 rows" in html
    assert not Edition.objects.exists()
    assert not AuditEntry.objects.exists()


def test_it_loads_the_good_rows(bob: Client) -> None:
    send(bob, [*GOOD, *BROKEN], source="Foreign ministers")
    answer = bob.post("/directory/import/check/", follow=True)
    html = answer.content.decode()
    assert "12 rows are loaded." in html
    assert "Foreign ministers" in html
    assert "Rows left out" in html
    assert queries.search("minister").total == 12
    (entry,) = AuditEntry.objects.all()
    assert entry.action == audit.IMPORT
    assert entry.detail.startswith("rows=12 left out=4")
    assert kept() == []
    assert bob.get("/directory/import/check/")["Location"] == "/directory/import/"


def test_it_hands_out_the_broken_rows_to_be_mended(bob: Client) -> None:
    send(bob, [*GOOD, *BROKEN])
    answer = bob.get("/directory/import/to-mend.csv")
    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == 5
    assert lines[0][:2] == ["name", "role"]
    assert lines[1][0] == "'=HYPERLINK(1)"
    assert "two letters" in lines[2][-1]


def test_it_asks_before_most_of_a_list_ends(bob: Client) -> None:
    send(bob, GOOD, source="Ministers")
    bob.post("/directory/import/check/")
    html = send(bob, GOOD[:2], source="Ministers")
    assert "Most of this list would end." in html
    assert bob.post("/directory/import/check/").status_code == 409
    assert queries.search("minister").total == 12
    assert bob.post("/directory/import/check/", {"replace": "on"}).status_code == 302
    assert queries.search("minister").total == 2


def test_it_says_when_all_is_here_already(bob: Client) -> None:
    send(bob, GOOD, source="Ministers")
    bob.post("/directory/import/check/")
    assert "All of it is here already." in send(bob, GOOD, source="Ministers")
    answer = bob.post("/directory/import/check/", follow=True)
    assert "nothing was loaded" in answer.content.decode()
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"   \n", "The file is empty."),
        (b"colour,size\nred,4\n", "names no column we know"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "letters cannot be read"),
        (b"name,role\n", "holds no rows"),
        (b"x" * (imports.MOST_BYTES + 1), "larger than 5 MB"),
    ],
)
def test_it_says_what_is_wrong_with_a_file(bob: Client, content: bytes, words: str) -> None:
    answer = bob.post("/directory/import/", {"file": SimpleUploadedFile("a.csv", content)})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html or "no text file" in html
    assert kept() == []


def test_it_asks_for_a_file(bob: Client) -> None:
    assert "Choose a file." in bob.post("/directory/import/").content.decode()
    assert bob.get("/directory/import/to-mend.csv").status_code == 404


def test_it_keeps_a_file_for_its_own_session_and_not_for_long(
    bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(bob, GOOD)
    (path,) = kept()
    assert path.stat().st_mode & 0o777 == 0o600
    other = desk.client_of(roles.ADMINISTRATORS, name="alice")
    assert other.get("/directory/import/check/").status_code == 302
    send(bob, GOOD[:3])
    assert len(kept()) == 1
    monkeypatch.setattr(uploads, "KEPT_SECONDS", -1)
    send(other, GOOD[:2])
    assert len(kept()) == 1
    gone = bob.get("/directory/import/check/", follow=True)
    assert "Choose it again." in gone.content.decode()
