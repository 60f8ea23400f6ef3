"""What happens to an open letter when its text changes, and to those who signed it."""

import re
from pathlib import Path

import pytest

from groundswell.campaigns import (
    counters,
    letter_texts,
    publish,
    render_read_letter,
)
from groundswell.campaigns.models import (
    OpenLetterPage,
    TextRevision,
)
from groundswell.campaigns.tests import deciders, open_letters
from groundswell.campaigns.tests.open_letters import (
    LETTER,
    TEXT,
    first,
    read,
    spec_of,
    to_public,
)
from groundswell.campaigns.tests.public_pages import make_campaign, make_home

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(public: Path) -> OpenLetterPage:
    deciders.load()
    return open_letters.make(make_campaign(make_home()))


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
