"""Thirty foreign ministers, ten of them broken: twenty go in, ten come back with what is wrong."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from groundswell.base.errors import Trouble
from groundswell.directory import editions, queries, services
from groundswell.directory.importing import decoding, reading
from groundswell.directory.importing.draft import Draft
from groundswell.directory.importing.targets_csv import COLUMNS
from groundswell.directory.lists import Rule
from groundswell.directory.models import ImportRow

FILES = Path(__file__).parent
HEADING = list(COLUMNS)[:14]  # those that the format asks for
COUNTRIES = (
    "am az vn ge tr ir ru de fr gb ca au in jp br ar cl mx za ke ng eg pl cz se no fi dk be pt"
)


def row(number: int, **said: str) -> list[str]:
    code = COUNTRIES.split()[number]
    cells = dict.fromkeys(HEADING, "") | {
        "name": f"Minister {code.upper()} Số {number}", "role": "Minister of Foreign Affairs",
        "organization": f"Foreign Ministry of {code}", "country": code.upper(),
        "email": f"minister@mfa.{code}.example.org", "phone": "+1 202-555-0100",
        "address": f"{number} Ministry Road; 0{number:02} Capital", "language": "en",
        "salutation": "Excellency", "source_url": "https://mfa.example.org/minister",
        "checked_on": "2026-03-01",
    }  # fmt: skip
    return list((cells | said).values())


BROKEN: list[tuple[list[str], str, str]] = [
    (row(20, email="minister@@mfa"), "email", "this is no e-mail address"),
    (row(21, name="", role=""), "name", "nobody is named, and no office"),
    (row(22, country="Poland"), "country", "it has 6 characters"),
    (row(23, phone="call me"), "phone", "this is no telephone number"),
    (row(24, contact_form="javascript:alert(1)"), "contact_form", "this is no web address"),
    (row(25, checked_on="2026-13-45"), "checked_on", "is no date"),
    (row(26, division_id="Helsinki"), "division_id", "this is no division id"),
    (row(27, name='=HYPERLINK("http://evil.example")'), "name", "would run this as a formula"),
    (row(28, email="", phone="", address=""), "email", "there is no way to reach them"),
    (row(0), "name", "the same person and office stand in row 2"),
]


def ministers(*, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADING)
    writer.writerows(row(number) for number in range(20))
    writer.writerows(cells for cells, _field, _problem in BROKEN)
    return out.getvalue()


def read(text: str | bytes, file: str = "ministers.csv", **more: str) -> Draft:
    return reading.read(text.encode() if isinstance(text, str) else text, file=file, **more)


def small(*lines: str) -> Draft:
    return read("name,role,email\n" + "\n".join(lines))


@pytest.mark.django_db
@pytest.mark.usefixtures("on")
def test_it_takes_in_twenty_and_says_what_is_wrong_with_ten() -> None:
    draft = read(ministers(), source="Foreign ministers 2026", licence="CC BY 4.0")
    assert (draft.total, draft.good) == (30, 20)
    assert [one.number for one in draft.refusals] == list(range(22, 32))
    for told, (_cells, field, problem) in zip(draft.refusals, BROKEN, strict=True):
        assert told.field == field
        assert problem in told.problem
        assert told.remedy
    edition, _counts = services.take_in(draft=draft, by="anna")
    assert edition is not None
    assert ImportRow.objects.filter(edition=edition).count() == 10
    found = queries.evaluate(Rule(sources=("list-foreign-ministers-2026",)))
    assert len(found) == 20
    assert found[0].contacts[0].value.startswith("minister@mfa.")
    assert found[0].as_of == date(2026, 3, 1)
    assert found[0].salutation == "Excellency"
    assert edition.source.licence == "CC BY 4.0"


@pytest.mark.django_db
@pytest.mark.usefixtures("on")
def test_it_makes_the_same_list_again_its_next_edition(on: Callable[[date], None]) -> None:
    services.take_in(draft=read(ministers()), by="anna")
    on(date(2026, 5, 1))
    text = ministers().replace("minister@mfa.vn.example.org", "new@mfa.vn.example.org")
    edition, counts = services.take_in(draft=read(text), by="anna")
    assert (counts.added, counts.changed, counts.ended) == (0, 1, 0)
    assert edition is not None
    services.undo(edition_id=edition.pk, by="anna")
    kept = [one.contacts[0].value for one in queries.search("vn").items]
    assert kept == ["minister@mfa.vn.example.org"]


@pytest.mark.django_db
@pytest.mark.usefixtures("on")
def test_it_does_not_let_another_file_of_that_name_end_a_list() -> None:
    services.take_in(draft=read(ministers()), by="anna")
    other = "name,role,email\nBo Ek,Mayor,bo@town.example\n"
    with pytest.raises(editions.TooMuchGone, match="--source"):
        services.take_in(draft=read(other), by="anna")
    services.take_in(draft=read(other, source="Mayors"), by="anna")
    assert queries.search().total == 21


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_it_reads_what_spreadsheets_save(encoding: str, delimiter: str) -> None:
    draft = read(ministers(delimiter=delimiter).encode(encoding))
    assert (draft.total, draft.good) == (30, 20)
    assert draft.batch.people[2].name == "Minister VN Số 2"


def test_it_reads_the_old_windows_letters_and_a_sep_line() -> None:
    text = "sep=;\r\nname;role;email\r\nZoë Müller;Ministerin – Außen;z@amt.example\r\n"
    draft = read(text.encode("cp1252"))
    assert draft.batch.people[0].name == "Zoë Müller"
    assert draft.batch.posts[0].role == "Ministerin – Außen"
    assert "cp1252" in draft.notes[0]


@pytest.mark.parametrize(
    ("role", "told", "kind"),
    [
        ("Minister of Foreign Affairs", "", "minister"),
        ("minister for the Environment", "", "minister"),
        ("Foreign Minister", "", "minister"),
        ("Foreign Minister", "Shadow cabinet", "shadow-cabinet"),
        ("Minister of the Gospel", "", "other"),
        ("Deputy Head of the Minister of Health's office", "", "other"),
        ("Mayor", "", "other"),
    ],
)
def test_it_takes_for_a_minister_who_surely_is_one(role: str, told: str, kind: str) -> None:
    draft = read(f"name,role,kind,email\nAn Vo,{role},{told},an@town.example\n")
    assert draft.batch.posts[0].kind == kind


def test_it_reads_the_line_ends_of_an_old_mac() -> None:
    draft = read("name,role,email\rAn Vo,Mayor,an@town.example\r")
    assert draft.good == 1


def test_it_keeps_leading_zeros_and_lines_of_an_address() -> None:
    draft = read('name,role,address\nAn Vo,Mayor,"01 Hàng Bài\n 00084  Hà Nội"\n')
    assert draft.batch.contacts[0].value == "01 Hàng Bài\n00084 Hà Nội"


def test_it_writes_numbers_as_they_are_dialled_from_abroad() -> None:
    draft = read("name,country,phone\nAn Vo,vn,024 3799 2000\nBo Ek,us,(202) 555-0100\n")
    assert [one.value for one in draft.batch.contacts] == ["+84 24 3799 2000", "+1 202-555-0100"]


def test_it_knows_other_names_of_columns_and_tells_those_it_does_not() -> None:
    draft = read("Name,Position,E-Mail,Shoe size\nAn Vo,Mayor,an@town.example,39\n")
    assert draft.good == 1
    assert any("Shoe size" in note for note in draft.notes)


def test_it_takes_an_office_without_a_name() -> None:
    draft = small(",The Speaker,speaker@house.example")
    assert (draft.batch.people, draft.batch.posts[0].office) == ([], True)


def test_it_names_every_fault_of_a_row() -> None:
    draft = read("name,role,email,url,language\nAn Vo,Mayor,x,y,English please\n")
    assert [one.field for one in draft.refusals] == ["email", "url", "language"]
    assert {one.number for one in draft.refusals} == {2}
    assert draft.good == 0


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("An Vo,Mayor,an@town.example,more", "4 cells, the heading 3"),
        ('"An Vo,Mayor,an@town.example', "never closed"),
        ('"An"Vo,Mayor,an@town.example', "expected after"),
        ('"An\nVo",Mayor,an@town.example', "line break"),
        ("An\x07Vo,Mayor,an@town.example", "control character"),
        ("An V\ufffd,Mayor,an@town.example", "letters were lost"),
        (f"{'x' * 201},Mayor,an@town.example", "201 characters"),
        ("An Vo,Mayor,an@town.example\u2028Bcc: x@y.example", "control character"),
        ("@SUM(1),Mayor,an@town.example", "formula"),
        ("-cmd|' /C calc'!A0,Mayor,an@town.example", "formula"),
    ],
)
def test_it_refuses_a_broken_row_and_takes_the_good_one(line: str, problem: str) -> None:
    draft = small("Bo Ek,Mayor,bo@town.example", line)
    assert draft.good == 1
    assert problem in draft.refusals[0].problem


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"PK\x03\x04\x00\x00", "no text file|no column"),
        (b"a,b\n1,2\n", "no column we know"),
        (b"name,Full name\nAn,An\n", "two columns mean name"),
        (b"name,role,email\n", "no rows"),
        (b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
        ("name,rôle\n".encode("utf-16")[:-1], "cannot be read"),
    ],
)
def test_it_says_in_a_line_why_a_file_is_none(data: bytes, problem: str) -> None:
    with pytest.raises(Trouble, match=problem):
        read(data)


def test_it_stops_at_a_hundred_thousand_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MOST_ROWS", 3)
    with pytest.raises(Trouble, match="more than 3 rows"):
        small(*["An Vo,Mayor,an@town.example"] * 3)


def test_it_gives_the_broken_rows_back_harmless_and_takes_them_mended() -> None:
    back = reading.mend(read(ministers()))
    rows = list(csv.DictReader(io.StringIO(back, newline="")))
    assert len(rows) == 10
    assert rows[7]["name"].startswith("'=HYPERLINK")
    assert "formula" in rows[7]["what is wrong"]
    assert all(not cell.startswith(("=", "+", "-", "@")) for one in rows for cell in one.values())
    mended = back.replace("minister@@mfa", "minister@mfa.example")
    assert read(mended).good == 2, "the other was wrong only beside its twin"


def test_it_reads_the_format_as_it_is_described() -> None:
    """The golden file of docs/formats/targets.md."""
    draft = read((FILES / "targets.csv").read_bytes(), file="targets.csv")
    assert (draft.total, draft.good, draft.refusals) == (3, 3, [])
    anna, office, bo = draft.batch.posts
    assert (anna.role, anna.country, anna.area) == (
        "Minister of Foreign Affairs", "am", "ocd-division/country:am",
    )  # fmt: skip
    assert office.office
    assert bo.kind == "mayor"
    assert {one.type for one in draft.batch.contacts} == {
        "email", "voice", "fax", "address", "form", "url"
    }  # fmt: skip
