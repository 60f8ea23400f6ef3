"""An open letter from the studio to the public door: its texts, its names, its papers."""

import fcntl
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.test import RequestFactory

from groundswell.campaigns import (
    counters,
    letter_names,
    publish,
    publish_files,
    publish_letters,
)
from groundswell.campaigns.models import (
    ConsentText,
    Cosignature,
    OpenLetterPage,
)
from groundswell.campaigns.tests import deciders, open_letters, sample_open_letter
from groundswell.campaigns.tests.open_letters import (
    LETTER,
    NOON,
    cosign,
    first,
    read,
    spec_of,
    to_public,
)
from groundswell.campaigns.tests.public_pages import make_campaign, make_home
from groundswell.delivery.pdf import drawing

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(public: Path) -> OpenLetterPage:
    deciders.load()
    return open_letters.make(make_campaign(make_home()))


def settle() -> int:
    """Let core do all it has to do; returns in how many steps."""
    for step in range(1, 100):
        if not publish_letters.refresh():
            return step
    raise AssertionError("core has always something left to do")


def test_it_shows_the_letter_and_whom_it_is_addressed_to(
    public: Path, page: OpenLetterPage
) -> None:
    html = read(public)
    assert '<p class="dear">Dear Senators,</p>' in html
    assert "Mend the wall this year." in html
    assert '<dl class="to">' in html
    assert "Published on" in html


def test_it_asks_which_text_is_signed_and_whether_a_name_may_be_shown(
    public: Path, page: OpenLetterPage
) -> None:
    spec = spec_of(public, page, "sign")
    assert [field.name for field in spec.fields][:5] == [
        "given_name", "family_name", "role", "affiliation", "email",
    ]  # fmt: skip
    boxes = {box.purpose: box for box in spec.consents}
    assert boxes["text"].versions == ("1",)
    assert boxes["text"].required
    assert not boxes["display"].required
    assert ConsentText.objects.filter(page_key=page.page_key, purpose="display").count() == 1
    assert 'name="consent_text" value="1"' in read(public)


def test_it_takes_reports_of_a_name(public: Path, page: OpenLetterPage) -> None:
    spec = spec_of(public, page, "flag")
    assert [field.name for field in spec.fields] == ["t", "reason", "note"]
    assert spec.path == f"/{LETTER}/flag/"
    one = cosign(page, 1)
    publish.publish_page(page)
    assert f"/{LETTER}/flag/?t={one.pk}" in read(public)


def test_it_may_stand_in_a_frame_and_nothing_else_may(public: Path, page: OpenLetterPage) -> None:
    def ancestors(path: str) -> str:
        headers = msgspec.json.decode(read(public, path, name="index.html.headers.json"))
        return str(headers["content-security-policy"].rpartition("frame-ancestors ")[2])

    assert ancestors("embed") == "*"
    assert {ancestors(path) for path in ("", "press", "versions", "flag", "thanks")} == {"'none'"}
    assert "<script" not in read(public, "embed")
    assert "/embed/" in read(public, "press")
    to_public(page, allow_embed=False)
    assert not (public / LETTER / "embed/index.html").exists()


def test_it_gives_the_press_what_it_may_use_at_once(public: Path, page: OpenLetterPage) -> None:
    html = read(public, "press")
    assert "There is no embargo" in html
    assert "It is 142 years old." in html
    assert 'href="mailto:press@example.org"' in html
    text = read(public, name="letter.txt")
    assert text.startswith("The wall\n\n")
    assert "\n\nDear Senators,\n\nMend the wall this year.\n\n" in text


def test_it_shows_the_names_that_were_approved_and_no_other(
    public: Path, page: OpenLetterPage
) -> None:
    cosign(page, 1)
    cosign(page, 2, state="waiting", name="", decided_at=None)
    cosign(page, 3, state="hidden")
    settle()
    for html in (read(public), read(public, "names/1")):
        assert "Mira Okhaim 1" in html
        assert "Mira Okhaim 3" not in html
    assert "Names that are shown: 1" in read(public, "names")


def many(page: OpenLetterPage, count: int) -> None:
    Cosignature.objects.bulk_create(
        Cosignature(
            page_key=page.page_key,
            submission_id=uuid4(),
            name=f"Mira Okhaim {number}",
            language="en",
            revision=1,
            state="shown",
            decided_at=NOON + timedelta(seconds=number),
            confirmed_at=NOON,
        )
        for number in range(count)
    )


def written(public: Path) -> dict[str, int]:
    return {
        str(file.parent.relative_to(public / LETTER)): file.stat().st_ino
        for file in (public / LETTER / "names").rglob("index.html")
    }


def test_it_writes_only_the_pages_of_names_that_changed(public: Path, page: OpenLetterPage) -> None:
    many(page, 950)
    settle()
    before = written(public)
    assert len(before) == 11
    Cosignature.objects.filter(name="Mira Okhaim 450").delete()
    cosign(page, 2000, at=NOON + timedelta(days=1))
    settle()
    after = written(public)
    assert {path for path in after if after[path] != before.get(path)} == {
        "names/5", "names/10",
    }  # fmt: skip
    assert "Mira Okhaim 450<" not in read(public, "names/5")
    assert "Mira Okhaim 2000<" in read(public, "names/10")


def test_it_writes_a_few_pages_of_names_at_a_time(
    public: Path, page: OpenLetterPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_letters, "AT_ONCE", 3)
    many(page, 950)
    assert publish_letters.refresh()
    assert len(written(public)) == 4
    assert settle() == 3
    assert len(written(public)) == 11


def test_it_reads_no_names_when_nothing_changed(
    page: OpenLetterPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    cosign(page, 1)
    settle()
    monkeypatch.setattr(letter_names, "stretches", None)
    assert publish_letters.refresh() is False


def test_it_takes_names_and_papers_away_with_the_letter(public: Path, page: OpenLetterPage) -> None:
    cosign(page, 1)
    settle()
    assert (public / LETTER / "letter.pdf").exists()
    page.unpublish()
    publish.unpublish_page(page)
    settle()
    assert not (public / LETTER / "names").exists()
    assert not (public / LETTER / "letter.pdf").exists()


def test_it_moves_names_and_papers_with_the_letter(public: Path, page: OpenLetterPage) -> None:
    cosign(page, 1)
    settle()
    to_public(page, slug="wall")
    settle()
    assert not (public / LETTER).exists()
    assert (public / "en/keep-the-reading-room/wall/names/1/index.html").exists()
    assert (public / "en/keep-the-reading-room/wall/letter.pdf").exists()


def test_it_draws_the_letter_with_faces_and_not_under_the_lock(
    public: Path, page: OpenLetterPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = next(iter(sample_open_letter.faces().values()))
    first(page, "Anouk Ashgrove", picture=face, picture_alt="Anouk")
    free = drawing.pdf

    def drawn(*args: Any, **kwargs: Any) -> bytes:
        with (publish_files.site().folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if anybody holds it
        return free(*args, **kwargs)

    monkeypatch.setattr(drawing, "pdf", drawn)
    settle()
    made = (public / LETTER / "letter.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    assert b"/DCTDecode" in made


def test_it_draws_again_only_for_another_text_or_signatory(
    public: Path, page: OpenLetterPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle()
    drawn: list[str] = []
    free = drawing.pdf

    def noticed(sheet: str, *args: Any, **kwargs: Any) -> bytes:
        drawn.append(sheet)
        return free(sheet, *args, **kwargs)

    monkeypatch.setattr(drawing, "pdf", noticed)
    monkeypatch.setattr(publish_letters, "PATIENCE_SECONDS", 0)
    counters.add([counters.Change(page.page_key, "all", "", 5, 5)])
    settle()
    assert drawn == []
    first(page, "Anouk Ashgrove")
    settle()
    assert drawn == ["open_letter"]
    assert "Anouk Ashgrove" in read(public)


def test_it_is_previewed_as_it_will_be(page: OpenLetterPage) -> None:
    page.text = "<p>Not yet said.</p>"
    answer = publish.render_preview(page, RequestFactory().get("/"))
    html = answer.content.decode()
    assert "Not yet said." in html
    assert 'type="button">Sign the letter' in html
