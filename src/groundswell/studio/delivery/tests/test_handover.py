"""The handover pack from the studio: whole, on the record, and only for who may take it away."""

import csv
import re
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
import typst
from django.test import Client

from groundswell.base import wire
from groundswell.delivery import services
from groundswell.delivery.channels.print import pack
from groundswell.delivery.models import Parcel
from groundswell.delivery.pdf import drawing
from groundswell.delivery.pdf.tests import reading
from groundswell.people import audit, drain, handover, letter_pages
from groundswell.people.models import AuditEntry
from groundswell.people.tests.journal import click
from groundswell.people.tests.journal import write as journal
from groundswell.people.tests.letterpages import (
    HARBOUR,
    MAYOR,
    campaign,
    letter_page,
    offices,
    write,
)
from groundswell.studio import roles
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db
JAPANESE = "港を直してください"


class Scene(NamedTuple):
    """A page with letters to the harbour office, and an administrator's browser."""

    client: Client
    key: UUID
    letters: list[wire.Submission]

    @property
    def address(self) -> str:
        return f"/delivery/{self.key}/handover/"

    def page(self, target: str = HARBOUR, **more: Any) -> Any:
        return self.client.get(self.address, {"target": target, **more})

    def get(self, file: str, target: str = HARBOUR) -> Any:
        return self.client.post(f"{self.address}file/", {"target": target, "file": file})

    def leave(self, one: wire.Submission, how: str = "withdraw") -> None:
        data = {"reason": "asked", "word": "ERASE"}
        address = f"/supporters/{UUID(bytes=one.id)}/{how}/"
        assert self.client.post(address, data).status_code == 302


def scene(folder: Path, texts: list[dict[str, str]]) -> Scene:
    desk.furnish()
    offices()
    page = letter_page(campaign(), keys=[HARBOUR])
    sent = [write(page, f"s{n}@example.org", **text) for n, text in enumerate(texts, 1)]
    drain.drain(journal(folder, [*sent, *map(click, sent)]))
    letter_pages.forget()
    client = desk.client_of(roles.ADMINISTRATORS, name="alice")
    return Scene(client, UUID(str(page.translation_key)), sent)


@pytest.fixture
def five(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Five letters, two to a part."""
    monkeypatch.setattr(handover, "CHUNK", 2)
    monkeypatch.setattr("groundswell.studio.delivery.handover.CHUNK", 2)
    return scene(tmp_path, [{"body": f"Mend it, I ask as number {n}."} for n in range(1, 6)])


def said(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    return " ".join(" ".join(reading.pages(answer.content)).split())


def asked(text: str) -> list[int]:
    return [int(one) for one in re.findall(r"I ask as number (\d)", text)]


def listed(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def test_it_offers_every_file_with_its_borders(five: Scene) -> None:
    report = five.client.get(f"/delivery/{five.key}/").content.decode()
    assert f'href="{five.address}?target=test/harbour"' in report
    html = five.page().content.decode()
    for words in ("5 confirmed letters", "Letters 1–2<", "Letters 3–4<", "Letters 5–5<"):
        assert words in html
    assert "List 1–5 (PDF)" in html
    assert "Only with consent" in html
    assert not AuditEntry.objects.filter(action=audit.HANDOVER).exists()


def test_it_binds_each_letter_into_one_part(five: Scene) -> None:
    parts = [asked(said(five.get(f"letters-{n}"))) for n in (1, 2, 3)]
    assert parts == [[1, 2], [3, 4], [5]]
    assert five.get("letters-1")["Content-Disposition"].startswith(
        'attachment; filename="write-about-the-quay-test-harbour-letters-1-2-'
    )
    cover = said(five.get("cover"))
    assert "5 Confirmed letters" in cover
    assert "Harbour office" in cover
    assert "Letters in this pack" not in cover


def test_it_keeps_the_borders_when_a_letter_is_taken_back(five: Scene) -> None:
    assert asked(said(five.get("letters-1"))) == [1, 2]
    five.leave(five.letters[0])
    assert [asked(said(five.get(f"letters-{n}"))) for n in (1, 2, 3)] == [[2], [3, 4], [5]]
    assert [one[0] for one in listed(five.get("csv"))] == ["No.", "2", "3", "4", "5"]
    assert "4 Confirmed letters" in said(five.get("cover"))
    assert "4 confirmed letters" in five.page().content.decode()


def test_it_would_have_lost_one_without_numbers_that_stay(
    five: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control twin of the test above: counting only those that are there moves the borders.
    rows = handover._parcels
    monkeypatch.setattr(
        handover, "_parcels", lambda key, target: rows(key, target).exclude(state="withdrawn")
    )
    before = asked(said(five.get("letters-1")))
    five.leave(five.letters[0])
    after = asked(said(five.get("letters-2")))
    assert 3 not in [*before, *after]


def test_it_leaves_out_who_has_gone_since_the_office_has_the_letter(five: Scene) -> None:
    Parcel.objects.update(state="accepted")
    five.leave(five.letters[1])
    assert asked(said(five.get("letters-1"))) == [1]
    assert "4 Confirmed letters" in said(five.get("cover"))


def test_it_leaves_out_who_was_erased(five: Scene) -> None:
    gone = five.letters[2]
    five.leave(gone, "erase")
    ids = Parcel.objects.exclude(state="withdrawn").values_list("submission_id", flat=True)
    assert UUID(bytes=gone.id) not in set(ids)
    assert asked(said(five.get("letters-2"))) == [4]
    assert "3" not in [one[0] for one in listed(five.get("csv"))]


def test_it_hands_over_addresses_only_with_consent(tmp_path: Path) -> None:
    wrote = [
        {"body": "I live at 1 Quay Street.", "street": "1 Quay Street", "reply_to": "yes"},
        {"body": "I live at 2 Quay Street.", "street": "2 Quay Street"},
    ]
    text = said(scene(tmp_path, wrote).get("letters-1"))
    assert "1 Quay Street" in text
    assert "s1@example.org" in text
    assert "2 Quay Street" not in text
    assert "s2@example.org" not in text
    assert "Aldermere" in text


def test_it_lists_in_pdf_and_csv_and_runs_no_formula(tmp_path: Path) -> None:
    one = scene(tmp_path, [{"subject": "=HYPERLINK(1)"}, {"subject": "The quay"}])
    heads, first, second = listed(one.get("csv"))
    assert heads == ["No.", "Name", "Place", "Subject"]
    assert first[3] == "'=HYPERLINK(1)"
    assert second[3] == "The quay"
    text = said(one.get("list-1"))
    assert "=HYPERLINK(1)" in text
    assert second[1] in text


def test_it_writes_every_download_down(five: Scene) -> None:
    for file in ("cover", "letters-2", "list-1"):
        five.get(file)
    listed(five.get("csv"))
    entries = AuditEntry.objects.filter(action=audit.HANDOVER).order_by("pk")
    assert {(one.organiser, one.object) for one in entries} == {("alice", five.key.hex)}
    assert [one.detail for one in entries] == [
        "test/harbour cover",
        "test/harbour letters 3-4",
        "test/harbour list 1-1000",
        "test/harbour list as CSV",
    ]


@pytest.mark.parametrize("role", [roles.MODERATORS, roles.CAMPAIGNERS])
def test_it_is_only_for_who_may_export_supporters(five: Scene, role: str) -> None:
    five = five._replace(client=desk.client_of(role))
    assert "Handover pack" not in five.client.get(f"/delivery/{five.key}/").content.decode()
    assert five.page().status_code == 403
    for file in ("cover", "letters-1", "drawn-1", "text-1", "list-1", "csv"):
        assert five.get(file).status_code == 403
    assert not AuditEntry.objects.filter(action=audit.HANDOVER).exists()


def test_it_makes_a_file_only_from_its_own_form(five: Scene) -> None:
    assert five.client.get(f"{five.address}file/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = five.client.cookies
    data = {"target": HARBOUR, "file": "cover"}
    assert strict.post(f"{five.address}file/", data).status_code == 403
    assert not AuditEntry.objects.filter(action=audit.HANDOVER).exists()


@pytest.mark.parametrize("file", ["", "letters-0", "letters", "cover-1", "../x", "letters-١"])
def test_it_knows_no_other_file(five: Scene, file: str) -> None:
    assert five.get(file).status_code == 404
    assert five.get("cover", target=MAYOR).status_code == 404
    assert five.page(target=MAYOR).status_code == 404


def test_it_says_that_nothing_is_left(five: Scene) -> None:
    answer = five.get("letters-9")
    assert answer.status_code == 409
    assert "no letter in this part any more" in answer.content.decode()
    for one in five.letters:
        five.leave(one)
    html = five.page().content.decode()
    assert "There is no letter to hand over." in html
    assert 'name="file"' not in html


def test_it_names_letters_that_no_font_draws_by_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(drawing, "fonts", lambda: bare)
    one = scene(tmp_path, [{"body": "Mend it."}, {"body": JAPANESE, "subject": JAPANESE}])
    answer = one.get("letters-1")
    html = answer.content.decode()
    assert answer.status_code == 409
    key = services.parcel_key(UUID(bytes=one.letters[1].id), HARBOUR)
    assert f'href="/delivery/letter/{key}/">No. 2</a>' in html
    assert JAPANESE not in html
    assert not AuditEntry.objects.filter(action=audit.HANDOVER).exists()
    assert "Mend it." in said(one.get("drawn-1"))
    text = one.get("text-1")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert JAPANESE in text.content.decode()
    assert "Mend it." not in text.content.decode()
    assert "See the CSV file" in said(one.get("list-1"))


def test_it_shows_many_parts_a_page_at_a_time(five: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.studio.delivery.handover.SHOWN", 4)
    monkeypatch.setattr("groundswell.studio.delivery.handover.ROWS", 2)
    monkeypatch.setattr(pack, "ROWS", 2)
    first, second = five.page().content.decode(), five.page(sheet="2").content.decode()
    assert 'value="letters-2"' in first
    assert 'value="letters-3"' not in first
    assert "sheet=2" in first
    assert 'value="letters-3"' in second
    assert 'value="list-3"' in second
    assert 'value="cover"' not in second
