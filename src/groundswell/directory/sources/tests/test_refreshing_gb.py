"""British postcodes: an archive of millions becomes a lookup by sector."""

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from groundswell.base import netguard
from groundswell.base.errors import Trouble
from groundswell.directory import lookup, refresh
from groundswell.directory.fetching.client import Client
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.models import Crossing, Edition
from groundswell.directory.refresh import Report
from groundswell.directory.sources import asking, gb_postcodes
from groundswell.directory.sources.gb_members import constituencies, constituency
from groundswell.directory.sources.tests import answers
from tests.support.answering import Web, answering

pytestmark = pytest.mark.django_db
NAMES = (
    "PCON24CD,PCON24NM\r\nE14001290,Holborn and St Pancras\r\nE14001172,Cities of London and "
    "Westminster\r\nW07000112,Ynys Môn\r\nS14000060,Aberdeen North\r\nN05000001,Belfast East\r\n"
)
HEADER = "pcd7,pcd8,pcds,dointr,doterm,oscty,pcon24cd\r\n"


@pytest.fixture
def web() -> Iterator[Web]:
    with answering() as found:
        yield found


def ask(web: Web, name: str = "gb_postcodes", **more: Any) -> Report:
    client = Client(agent="Test", allow=netguard.networks("127.0.0.1/32"), sleep=lambda _: None)
    options: dict[str, Any] = {"mirror": f"{web.url}/ONSPD.zip", "anyway": True, **more}
    return refresh.refresh(name=name, client=client, by="operator", **options)


def row(postcode: str, code: str, ended: str = "") -> str:
    return f"X,X,{postcode},198001,{ended},E99999999,{code}\r\n"


def archive(*rows: str, header: str = HEADER, names: str = NAMES) -> bytes:
    """As the Office packs it: one table, the same split by area, lists of names, a guide."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("User Guide/ONSPD User Guide.pdf", b"%PDF-1.7")
        packed.writestr(
            "Documents/LAD names and codes UK.csv", "LAD24CD,LAD24NM\r\nE0,Somewhere\r\n"
        )
        packed.writestr("Documents/Westminster Constituency names and codes.csv", "\ufeff" + names)
        packed.writestr("Data/multi_csv/ONSPD_UK_AB.csv", header + "too,short\r\n" * 500)
        packed.writestr("Data/ONSPD_NOV_2026_UK.csv", "\ufeff" + header + "".join(rows))
    return file.getvalue()


def divisions(sector: str) -> list[list[Any]]:
    found = Crossing.objects.get(key=f"gb/{sector}", current=True).divisions
    return [[division.rpartition(":")[2], share] for division, share in found]


def test_it_puts_postcodes_together_by_sector(web: Web) -> None:
    web.routes["/ONSPD.zip"] = archive(
        row("WC1N 3AA", "E14001290"),
        row("WC1N 3AB", "E14001290"),
        row("WC1N 3AC", "E14001290"),
        row("WC1N 3AD", "E14001172"),
        row("SW1A 0AA", "E14001172"),
        row("LL58 8AA", "W07000112"),
        row("AB10 1AB", "S14000060"),
        row("AB10 1AC", "S14000060", ended="201001"),
        row("WC1N 9ZZ", "E14001290", ended="201001"),
        row("BT1 1AA", "N05000001"),
        row("GY1 1AA", "L93000001"),
        row("nonsense", "E14001290"),
    )
    report = ask(web)
    assert report.people == 4
    assert report.doubts == []
    assert divisions("WC1N3") == [
        ["holborn_and_st_pancras", 0.75],
        ["cities_of_london_and_westminster", 0.25],
    ]
    assert divisions("LL588") == [["ynys_môn", 1.0]]


def test_it_leaves_a_sector_unknown_when_one_of_its_codes_is(web: Web) -> None:
    """Half of the truth would be a wrong representative for the other half."""
    web.routes["/ONSPD.zip"] = archive(
        row("SW1A 0AA", "E14001172"), row("SW1A 0AB", "E14009999"), row("SW1A 1AA", "E14001172")
    )
    report = ask(web)
    assert [one.postcode for one in Crossing.objects.filter(current=True)] == ["SW1A1"]
    assert "E14009999 (without a name) is no constituency" in report.doubts[0].problem


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>not here any more</html>", "no archive that can be read"),
        (archive(row("SW1A 0AA", "E14001172"))[:-40], "no archive that can be read"),
        (archive(names="LAD24CD,LAD24NM\r\n"), "no list of constituencies"),
        (archive(header="pcds,dointr\r\n"), "no columns pcds, doterm and pcon"),
        (archive("X,X,SW1A 0AA\r\n"), "line 2 of .* is broken off"),
    ],
)
def test_it_changes_nothing_for_another_archive(web: Web, body: bytes, why: str) -> None:
    web.routes["/ONSPD.zip"] = body
    with pytest.raises(FetchFailed, match=why):
        ask(web)
    assert not Edition.objects.exists()


def test_it_unpacks_no_bomb(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gb_postcodes, "MAX_UNPACKED", 1 << 20)
    web.routes["/ONSPD.zip"] = archive(row("SW1A 0AA", "E14001172") * 100_000)
    with pytest.raises(FetchFailed, match="unpack to more than we want"):
        ask(web)


def test_it_unpacks_no_bomb_that_lies_about_its_size(web: Web) -> None:
    """What an archive announces is also all that is ever read of it."""
    body = bytearray(archive(row("SW1A 0AA", "E14001172") * 50_000))
    at = body.rindex(b"PK\x01\x02")
    size = struct.unpack_from("<I", body, at + 24)[0]
    struct.pack_into("<I", body, at + 24, size // 100)
    web.routes["/ONSPD.zip"] = bytes(body)
    with pytest.raises(FetchFailed):
        ask(web)


def test_it_takes_no_country_of_one_sector(web: Web) -> None:
    web.routes["/ONSPD.zip"] = archive(row("SW1A 0AA", "E14001172"))
    with pytest.raises(FetchFailed, match="only 1 postcodes came"):
        ask(web, anyway=False)


def test_it_needs_the_archives_address(web: Web) -> None:
    with pytest.raises(Trouble, match="name it with --mirror"):
        ask(web, mirror="")


def test_it_knows_every_constituency_by_one_name_only() -> None:
    assert len(constituencies()) == len(set(constituencies().values())) == 650
    assert constituency("Montgomeryshire and Glyndwr") == constituency(
        "Montgomeryshire and Glyndŵr"
    )
    assert constituency("Weston-super-Mare") == constituency("Weston super Mare")
    assert constituency("Old Sarum") is None


def test_it_leads_from_a_postcode_to_a_member(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both refreshed, the lookup's files are there, and a vacant seat is a seat."""
    monkeypatch.setattr(asking.Asking, "pause", lambda _self, _seconds: None)
    web.routes.update(answers.gb(3))
    web.routes["/ONSPD.zip"] = archive(row("WC1N 3AA", "E14001290"), row("SW1A 0AA", "E14001172"))
    ask(web, "gb_members", mirror=web.url)
    ask(web)
    files = dict(lookup.build("gb"))
    holborn = "ocd-division/country:gb/part:eng/region:uki/ed:holborn_and_st_pancras"
    assert f'"WC1N3":[["{holborn}",1.0]]'.encode() in files["lookup/gb/p/WC1.json"]
    england = files["lookup/gb/r/eng.json"]
    assert b'"gb/5002":{"name":"Member5002 Invented"' in england
    assert b'"ed:' not in england
    index = files["lookup/gb/index.json"]
    assert b'"take":-2' in index
    assert b'["ocd-division/country:gb/part:nir","Northern Ireland"]' in index
