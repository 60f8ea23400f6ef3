"""A pack to hand over: whole, truthful about its numbers, and with nothing not agreed to."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import typst

from groundswell.base.letter import Letter
from groundswell.delivery.channels.print import pack
from groundswell.delivery.channels.print.agreed import Agreed, only
from groundswell.delivery.channels.print.pack import Cover, Total
from groundswell.delivery.pdf import drawing
from groundswell.delivery.pdf.tests import reading, samples
from groundswell.delivery.pdf.tests.samples import letter

ALL = Agreed(name=True, place=True, address=True)
COVER = Cover(
    title="Letters for clean rivers",
    to=("The Honorable Robin Example", "United States Senate"),
    totals=(Total(12345, "letters", "each confirmed by mail"), Total(7, "offices")),
    as_of=datetime(2026, 11, 22, 12, tzinfo=UTC),
    counted="Anybody can check the number.",
    campaign="Clean rivers",
    organisation="River Friends",
    us_paper=True,
)


def many(number: int) -> Iterator[Letter]:
    for one in range(1, number + 1):
        yield letter(key=UUID(int=one), sender_name=f"Sample {one:04}", subject=f"River {one:04}")


def texts(files: list[Path], name: str) -> str:
    parts = [file for file in files if file.name.startswith(name) and file.suffix == ".pdf"]
    return "\n".join("\n".join(reading.pages(part.read_bytes())) for part in parts)


def read_list(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_it_holds_every_letter_once_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "PART", 10)
    monkeypatch.setattr(pack, "ROWS", 15)
    files = pack.write(tmp_path / "pack", COVER, many(32), agreed=lambda one: ALL)
    assert [file.name for file in files] == [
        "cover.pdf",
        *(f"letters-{one:03}.pdf" for one in range(1, 5)),
        *(f"list-{one:03}.pdf" for one in range(1, 4)),
        "list.csv",
    ]
    letters, listed = texts(files, "letters"), texts(files, "list")
    for one in range(1, 33):
        # Above as the sender, and below as the one who signs; once in the list.
        assert letters.count(f"Sample {one:04}") == 2
        assert listed.count(f"Sample {one:04}") == 1
    rows = read_list(tmp_path / "pack/list.csv")
    assert rows[0] == ["No.", "Name", "Place", "Subject"]
    assert rows[32] == ["32", "Sample 0032", "Springfield, IL, US", "River 0032"]
    assert len(rows) == 33


def test_it_says_the_numbers_when_and_how_they_were_counted(tmp_path: Path) -> None:
    files = pack.write(tmp_path, COVER, many(3), agreed=lambda one: ALL)
    said = " ".join(texts(files, "cover").split())
    for words in (
        "12,345 letters",
        "each confirmed by mail",
        "7 offices",
        "As of November 22, 2026, 12:00",
        "UTC",
        "Letters in this pack: 3.",
        "Anybody can check the number.",
        "The Honorable Robin Example",
        "River Friends",
    ):
        assert words in said


def test_it_reads_letters_only_as_it_draws_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "PART", 5)
    taken = 0
    most = 0

    def watched() -> Iterator[Letter]:
        nonlocal taken, most
        for one in many(30):
            taken += 1
            most = max(most, taken - 5 * len(list(tmp_path.glob("letters-*.pdf"))))
            yield one

    pack.write(tmp_path, COVER, watched(), agreed=lambda one: ALL)
    assert taken == 30
    assert most <= 6


def test_it_hands_over_only_what_was_agreed(tmp_path: Path) -> None:
    body = "I, Alex Sample of 12 Elm Street, Apt. 4 in SPRINGFIELD (alex@example.org), ask you."
    files = pack.write(tmp_path, COVER, iter([letter(body=body)]), agreed=lambda one: Agreed())
    everything = texts(files, "") + (tmp_path / "list.csv").read_text(encoding="utf-8")
    for personal in ("Alex", "Sample", "Elm", "62701", "alex@", "pringfield", "SPRINGFIELD"):
        assert personal not in everything
    assert "Name withheld" in everything
    assert "ask you." in everything


def test_it_would_have_found_them(tmp_path: Path) -> None:
    # The control twin of the test above.
    files = pack.write(tmp_path, COVER, iter([letter(reply_to=True)]), agreed=lambda one: ALL)
    everything = texts(files, "")
    for personal in ("Alex Sample", "Elm", "62701", "alex@", "Springfield"):
        assert personal in everything


def test_it_keeps_name_place_and_address_apart() -> None:
    named = only(letter(), Agreed(name=True), withheld="?")
    assert (named.sender_name, named.city, named.street) == ("Alex Sample", "", "")
    placed = only(letter(), Agreed(place=True), withheld="?")
    assert (placed.sender_name, placed.city, placed.street) == ("?", "Springfield", "")


def test_it_leaves_words_that_only_contain_a_name() -> None:
    kept = only(letter(given_name="Al", body="Already, Al said all."), Agreed(), withheld="?")
    assert kept.body == "Already, … said all."


@pytest.mark.parametrize("typed", ["=HYPERLINK(1)", "+1", "-x", "@SUM", "\u200b=1", "＝1"])
def test_it_writes_no_cell_that_a_spreadsheet_runs(tmp_path: Path, typed: str) -> None:
    pack.write(tmp_path, COVER, iter([letter(subject=typed)]), agreed=lambda one: ALL)
    rows = read_list(tmp_path / "list.csv")
    assert rows[1][3] == "'" + typed


def test_it_brings_letters_no_font_can_draw_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(drawing, "fonts", lambda: bare)
    two = iter([samples.US, samples.JAPANESE])
    files = pack.write(tmp_path, COVER, two, agreed=lambda one: ALL)
    aside = next(file for file in files if file.name == "letters-as-text.txt")
    assert samples.JAPANESE.subject in aside.read_text(encoding="utf-8")
    assert "Clean Rivers" in texts(files, "letters")
    assert "See the CSV file" in texts(files, "list")
    assert read_list(tmp_path / "list.csv")[2][1] == samples.JAPANESE.sender_name


def test_it_draws_a_cover_from_right_to_left(tmp_path: Path) -> None:
    arabic = Cover(title="رسائل", to=("وزير",), totals=(Total(1234, "رسالة"),), as_of=COVER.as_of,
                   language="ar")  # fmt: skip
    files = pack.write(tmp_path, arabic, iter([samples.ARABIC]), agreed=lambda one: ALL)
    x, _y = reading.where(files[0].read_bytes(), "رسائل")
    assert x > 100  # on the right half of the sheet


def test_it_writes_a_pack_without_letters(tmp_path: Path) -> None:
    files = pack.write(tmp_path, COVER, iter(()), agreed=lambda one: ALL)
    assert [file.name for file in files] == ["cover.pdf", "list.csv"]
