"""An open letter from the studio to the public door: its texts, its names, its papers."""

import fcntl
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.test import RequestFactory

from groundswell.base import wire
from groundswell.campaigns import (
    counters,
    letter_names,
    letter_texts,
    publish,
    publish_files,
    publish_letters,
    render_read_letter,
    services,
)
from groundswell.campaigns.models import (
    Campaign,
    ConsentText,
    Cosignature,
    OpenLetterPage,
    Signatory,
    TextRevision,
)
from groundswell.campaigns.tests import deciders, sample_open_letter
from groundswell.campaigns.tests.public_pages import make_campaign, make_home
from groundswell.delivery.pdf import drawing

pytestmark = pytest.mark.django_db
LETTER = "en/keep-the-reading-room/the-wall"
TEXT = "<p>Mend the wall this year.</p><p>It has been patched nineteen tims.</p>"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def campaign() -> Campaign:
    deciders.load()
    return make_campaign(make_home())


@pytest.fixture
def page(public: Path, campaign: Campaign) -> OpenLetterPage:
    made = services.create_open_letter(
        campaign=campaign,
        title="The wall",
        text=TEXT,
        salutation="Dear Senators,",
        keys=["test/senator-1"],
        press_facts="It is 142 years old.\nIt was patched 19 times.",
        press_contact="Pia Sandvoort\npress@example.org",
    )
    return to_public(made)


def to_public(page: OpenLetterPage, **changes: Any) -> OpenLetterPage:
    for name, value in changes.items():
        setattr(page, name, value)
    services.publish_now(page=page)
    page.refresh_from_db()
    publish.publish_page(page)
    return page


def read(public: Path, path: str = "", *, name: str = "index.html") -> str:
    return (public / LETTER / path / name).read_text(encoding="utf-8")


def spec_of(public: Path, page: OpenLetterPage, verb: str) -> wire.PageSpec:
    name = f"{page.page_key.hex}.{verb}.en.json"
    return wire.decode_spec((public.parent / "specs" / name).read_bytes())


def cosign(page: OpenLetterPage, number: int, *, at: datetime = NOON, **fields: Any) -> Cosignature:
    values = {
        "submission_id": uuid4(),
        "name": f"Mira Okhaim {number}",
        "role": "net mender",
        "language": "en",
        "revision": 1,
        "state": "shown",
        "decided_at": at,
        "confirmed_at": at,
    }
    return Cosignature.objects.create(page_key=page.page_key, **values | fields)


def first(page: OpenLetterPage, name: str, **fields: Any) -> Signatory:
    values = {
        "role": "singer",
        "state": "signed",
        "revision": 1,
        "language": "en",
        "signed_at": NOON,
        "made_at": NOON,
        "made_by": "ada",
    }
    return Signatory.objects.create(page_key=page.page_key, name=name, **values | fields)


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


def test_it_makes_a_version_of_each_changed_text_and_of_nothing_else(
    public: Path, page: OpenLetterPage
) -> None:
    to_public(page, share_text="Sign with us")
    assert [one.number for one in letter_texts.revisions(page_key=page.page_key)] == [1]
    mended = TEXT.replace("tims", "times")
    to_public(page, text=mended, change_note="A slip.", change_small=True)
    to_public(page, text=mended.replace("this year", "this winter"), change_note="Sooner.",
              change_small=False)  # fmt: skip
    rows = letter_texts.revisions(page_key=page.page_key)
    assert [(one.number, one.note, one.small) for one in rows] == [
        (1, "", False), (2, "A slip.", True), (3, "Sooner.", False),
    ]  # fmt: skip
    assert spec_of(public, page, "sign").consents[0].versions == ("1", "2", "3")
    assert 'name="consent_text" value="3"' in read(public)


def test_it_counts_whom_it_is_addressed_to_as_a_part_of_it(
    public: Path, page: OpenLetterPage
) -> None:
    to_public(page, keys=[*page.keys, "us/office/secretary-of-state"], change_note="To two.")
    assert [row.number for row in letter_texts.revisions(page_key=page.page_key)] == [1, 2]
    assert "To two." in read(public, "versions")


def test_it_keeps_an_old_text_as_it_was(public: Path, page: OpenLetterPage) -> None:
    to_public(page, text="<p>Tear the wall down.</p>", change_note="We changed our minds.")
    assert "Mend the wall this year." in read(public, "versions/1")
    assert "This is not the text as it stands." in read(public, "versions/1")
    assert "<del>Mend</del><ins>Tear</ins>" in read(public, "versions/2")
    assert "We changed our minds." in read(public, "versions")


def test_it_says_how_many_signed_which_text(public: Path, page: OpenLetterPage) -> None:
    counters.add([signed(page, "en.1", 45)])
    to_public(page, text=TEXT.replace("year", "winter"), change_note="Sooner.")
    counters.add([signed(page, "en.2", 310)])
    to_public(page, text=page.text.replace("tims", "times"), change_note="Slip", change_small=True)
    counters.add([signed(page, "en.3", 1204)])
    first(page, "Anouk Ashgrove")
    first(page, "Teodor Lindqvarn", revision=2)
    publish.publish_page(page)
    told = re.findall(r"<dt>([^<]+)</dt><dd>([\d,]+)</dd>", read(public))
    assert told == [
        ("signed this text", "1,204"),
        ("signed it before a slip was corrected", "311"),
        ("signed an earlier version", "46"),
    ]
    assert re.search(r"Anouk Ashgrove.*signed version 1", read(public))
    assert not re.search(r"Teodor Lindqvarn</bdi></b>.*signed version 2", read(public))
    assert "Anouk Ashgrove" in read(public, "versions/1")


def test_it_says_wherever_it_is_shown_who_signed_another_text(
    public: Path, page: OpenLetterPage
) -> None:
    counters.add([signed(page, "en.1", 45)])
    first(page, "Anouk Ashgrove")
    to_public(page, text=TEXT.replace("year", "winter"), change_note="Sooner.")

    text = (public / LETTER / "letter.txt").read_text(encoding="utf-8")
    assert re.search(r"Anouk Ashgrove.*\(signed version 1\)", text)
    assert re.search(r"Anouk Ashgrove.*signed version 1", read(public, "press"))
    framed = read(public, "embed")
    assert re.search(r"Anouk Ashgrove.*signed version 1", framed)
    assert "signed this text: 0 · signed an earlier version: 46" in framed


def signed(page: OpenLetterPage, text: str, number: int) -> counters.Change:
    return counters.Change(page.page_key, "text", text, number, number)


def test_it_lets_a_translation_catch_up_with_the_text_it_translates(page: OpenLetterPage) -> None:
    def french(text: str) -> TextRevision:
        other = OpenLetterPage(title="Le mur", text=text, translation_key=page.translation_key)
        other.locale = page.locale.__class__(language_code="fr")
        other.change_note = text
        return letter_texts.record(page=other)

    assert french("un").number == 1
    to_public(page, text="<p>Two.</p>", change_note="Another.")
    stands = letter_texts.standing(page_key=page.page_key)
    assert stands["fr", 1] == "earlier"
    assert french("deux").number == 2
    stands = letter_texts.standing(page_key=page.page_key)
    assert (stands["fr", 2], stands["en", 2], stands["en", 1]) == ("this", "this", "earlier")


def test_it_marks_names_by_the_text_that_stands_on_their_page(
    public: Path, page: OpenLetterPage
) -> None:
    other = OpenLetterPage(title="Le mur", text="un", translation_key=page.translation_key)
    other.locale = page.locale.__class__(language_code="fr")
    letter_texts.record(page=other)
    to_public(page, text="<p>Two.</p>", change_note="Another.")
    first(page, "Anouk Ashgrove", language="fr")
    first(page, "Teodor Lindqvarn", revision=2)

    texts = letter_texts.revisions(page_key=page.page_key, language="fr")
    stands = letter_texts.standing(page_key=page.page_key)
    here = render_read_letter._seen_from(texts, stands)
    # The French page still shows the first text: who signed the second did not sign that one.
    assert (here["fr", 1], here["en", 1], here["en", 2]) == ("this", "this", "earlier")
    assert re.search(r"Anouk Ashgrove.*signed version 1", read(public)) is None
    publish.publish_page(page)
    assert re.search(r"Anouk Ashgrove.*signed version 1", read(public))
    assert not re.search(r"Teodor Lindqvarn</bdi></b>.*signed version", read(public))


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
