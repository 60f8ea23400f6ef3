"""The directory's commands, as an operator types them."""

import json
from pathlib import Path

import pytest

from groundswell import cli
from groundswell.base.errors import Trouble
from groundswell.directory import queries
from groundswell.directory.models import Edition
from groundswell.directory.sources.registry import SHIPPED
from groundswell.ops import commands, directory

pytestmark = pytest.mark.django_db
GOOD = "name,role,email\nAn Vo,Mayor,an@town.example\nBo Ek,Mayor,bo@town.example\n"
BAD = GOOD + "Cy Ro,Mayor,nowhere\n"


def run(*words: str) -> int:
    return cli.main(["directory", *words])


def test_it_loads_a_source_with_those_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("load", "us_executive") == 0
    told = capsys.readouterr().out
    assert "Loading offices…" in told
    assert "Loading us_executive… done" in told
    assert "Data as of 2026-11-21; CC0 1.0." in told
    assert {one.source.slug for one in queries.editions()} == {"offices", "us_executive"}
    state = queries.targets(["us/office/secretary-of-state"])["us/office/secretary-of-state"]
    assert state.as_of is None, "it was written from memory"
    assert run("load", "us_executive") == 0
    assert "Nothing has changed" in capsys.readouterr().out


def test_it_loads_all_that_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("load", "all") == 0
    told = capsys.readouterr().out
    assert all(f"Loading {name}… done" in told for name in SHIPPED)
    by_source = {one.value: one.count for one in queries.options("source")}
    assert by_source["us_congress"] == 541
    assert by_source["us_states"] > 7450
    assert len(list(queries.crosswalk("us"))) == 33774
    assert run("list") == 0
    listed = capsys.readouterr().out
    assert "us_states" in listed
    assert "as of 2026-08-05" in listed


def test_it_leaves_a_newer_edition_alone(capsys: pytest.CaptureFixture[str]) -> None:
    run("load", "us_executive")
    Edition.objects.filter(source__slug="us_executive").update(as_of="2027-02-01")
    assert run("load", "us_executive") == 0
    assert "is there as of 2027-02-01; what ships is of 2026-11-21: left alone" in (
        capsys.readouterr().out
    )


def test_it_imports_the_good_rows_and_names_the_bad(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mayors.csv"
    file.write_text(BAD)
    back = tmp_path / "back.csv"
    assert run("import", str(file), "--licence", "CC0", "--refused", str(back)) == 1
    told = capsys.readouterr().out
    assert "row 4, email: this is no e-mail address" in told
    assert "2 of 3 rows went in. Edition " in told
    assert "Cy Ro,Mayor,nowhere,4" in back.read_text(encoding="utf-8-sig")
    edition = Edition.objects.get()
    assert f"`groundswell directory undo {edition.pk}` takes it back" in told
    assert run("undo", str(edition.pk)) == 0
    assert queries.search().total == 0
    assert run("undo", str(edition.pk)) == 2


def test_it_changes_nothing_in_a_dry_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mayors.csv"
    file.write_text(GOOD)
    assert run("import", str(file), "--dry-run") == 0
    told = capsys.readouterr().out
    assert "2 of 2 rows can go in" in told
    assert "Nothing was changed" in told
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["load", "moon"], "there is no source 'moon'"),
        (["import", "/nowhere/at.csv"], "cannot be read"),
        (["import", "/"], "cannot be read"),
        (["undo", "99"], "there is no edition 99"),
    ],
)
def test_it_says_in_one_line_what_is_wrong(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 2
    told = capsys.readouterr().err
    assert problem in told
    assert told.count("\n") == 1


def test_it_refuses_a_list_without_one_good_row_and_a_day_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "mayors.csv"
    file.write_text("name,role,email\nCy Ro,Mayor,nowhere\n")
    assert run("import", str(file)) == 2
    file.write_text(GOOD)
    assert run("import", str(file), "--starts", "soon") == 2
    with pytest.raises(Trouble, match="write it like 2027-01-03"):
        directory._day("soon")


def test_it_tells_what_is_stale_and_writes_popolo(capsys: pytest.CaptureFixture[str]) -> None:
    run("load", "us_executive")
    capsys.readouterr()
    assert run("stale", "--days", "3650") == 1
    assert "15  us_executive: not checked for 3650 days" in capsys.readouterr().out
    assert run("export", "--source", "us_executive") == 0
    whole = json.loads(capsys.readouterr().out)
    assert [len(whole[kind]) for kind in ("persons", "posts", "memberships")] == [2, 17, 2]


def test_it_offers_every_source_in_its_help() -> None:
    command = commands.find(["directory", "load"])
    assert command is not None
    assert all(name in command.arguments[0].options["help"] for name in SHIPPED)
