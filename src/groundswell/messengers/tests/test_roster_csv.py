"""A roster from a spreadsheet: what goes in, and what is wrong with the rest, row by row."""

import re

import pytest

from groundswell.base.errors import Trouble
from groundswell.messengers import contact, roster_csv, services_import
from groundswell.messengers.models import Group, Messenger
from groundswell.messengers.tests import people

HEADING = (
    "name,role,languages,time_zone,groups,contact_name,contact_email,instagram,"
    "instagram_followers,x"
)
GOOD = (
    "Mira Solenne,Singer,en; fr,Asia/Yerevan,River Choir; Artists,Ilo Vance,ilo@example.org,@mira,"
    "189M,https://x.com/mira"
)


def test_it_reads_a_row() -> None:
    (row,) = roster_csv.read(f"{HEADING}\n{GOOD}\n").good
    assert row.languages == ("en", "fr")
    assert row.groups == ("River Choir", "Artists")
    assert row.contact.email == "ilo@example.org"
    instagram = next(one for one in row.accounts if one.network == "instagram")
    assert (instagram.handle, instagram.followers) == ("mira", 189_000_000)
    x = next(one for one in row.accounts if one.network == "x")
    assert (x.handle, x.url) == ("mira", "https://x.com/mira")


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234,567", 1234567), ("1.234.567", 1234567), ("1 234 567", 1234567), ("1.2M", 1200000),
     ("45k", 45000), ("2,5 million", 2500000), ("0", 0), ("12", 12)],
)  # fmt: skip
def test_it_reads_numbers_as_people_write_them(text: str, number: int) -> None:
    assert roster_csv.followers(text) == number


@pytest.mark.parametrize("text", ["many", "1.2", "12,34", "-5", "9 billion", "+37410000000"])
def test_it_guesses_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        roster_csv.followers(text)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",Singer", "name"),
        ("A" * 121, "name"),
        ("Ada,Singer,klingon", "languages"),
        ("Ada,Singer,en,Mars/Crater", "time_zone"),
        ("Ada,Singer,en,,,Ilo,ilo at example", "contact_email"),
        ("Ada,Singer,en,,,,,ada,lots", "instagram_followers"),
        ("Ada,Singer,en,,,,,https://no place/", "instagram"),
        ("Ada,Singer,en,,,,," + "a" * 121, "instagram"),
        ("Ada,,,,,,,,,,one,two", ""),
        ("Mira Solenne", "name"),
    ],
)
def test_it_names_the_row_and_the_column(row: str, column: str) -> None:
    sheet = roster_csv.read(f"{HEADING}\n{GOOD}\n{row}\n")
    (bad,) = sheet.bad
    assert bad.number == 3
    assert bad.problems[0].column == column
    assert len(sheet.good) == 1


@pytest.mark.parametrize("content", ["", "who,what\nAda,Singer\n", "name,name\nAda,Bo\n", "name\n"])
def test_it_says_what_is_no_roster(content: str) -> None:
    with pytest.raises(Trouble):
        roster_csv.read(content)


def test_it_tells_which_columns_it_left_out() -> None:
    assert roster_csv.read("name,shoe size\nAda,41\n").unknown == ["shoe size"]


@pytest.mark.django_db
def test_it_loads_and_brings_up_to_date() -> None:
    old = people.messenger()
    sheet = roster_csv.read(f"{HEADING}\n{GOOD}\nTomas Aldair,Footballer\n")
    assert services_import.load(rows=sheet.good, by="bob") == (1, 1)
    old.refresh_from_db()
    assert old.notes == ""
    assert contact.open_contact(old).phone == "+37410000000"
    assert {group.name for group in old.groups.all()} == {"River Choir", "Artists"}
    # The file's handle is another than the one we know, so it is another account.
    assert {one.handle for one in old.profiles.filter(network="instagram")} == {
        "mirasolenne",
        "mira",
    }
    assert services_import.load(rows=sheet.good, by="bob") == (0, 2)
    assert (Messenger.objects.count(), Group.objects.count()) == (2, 2)


@pytest.mark.django_db
def test_it_keeps_followers_that_the_file_does_not_tell() -> None:
    old = people.messenger()
    sheet = roster_csv.read("name,x\nmira solenne,@mira\n")
    services_import.load(rows=sheet.good, by="bob")
    assert old.profiles.get(network="x").followers == 2_000_000
