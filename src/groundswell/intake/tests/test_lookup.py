"""Who represents a postcode, by the published lookup: certain, asked for, or refused."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groundswell.intake.tests import lookup_site as us
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import PATH, Answer, Intake, api_body

HOUSE, SENATE, MIXED, CALL = ("4" * 32, "5" * 32, "6" * 32, "7" * 32)


def make_folder(folder: Path, **index: str) -> Path:
    """A site with a letter for each choice of offices, a call, and the lookup."""
    pages = [
        us.letter_spec(),
        us.letter_spec(page=HOUSE, path="/en/house/", kinds=("house",)),
        us.letter_spec(page=SENATE, path="/en/senate/", kinds=("senate",)),
        us.letter_spec(page=MIXED, path="/en/mixed/", required=False),
        us.call_spec(page=CALL, path="/en/call/"),
    ]
    site.make_folder(folder, *pages)
    for page in pages:
        site.write_page(folder, page.path, "<h1>write</h1>")
        site.write_spec(folder, page, refill=us.REFILL)
    us.write_lookup(folder, **index)
    site.touch_generation(folder)
    return folder


@pytest.fixture(scope="module")
def lookup_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    with site.intake(make_folder(tmp_path_factory.mktemp("lookup"))) as running:
        yield running


def write(door: Intake, path: str = PATH, **values: str) -> Answer:
    """Send the form as a browser without JavaScript does."""
    return door.form({"email": "ada@example.org", **values}, path)


def refused(answer: Answer) -> dict[str, Any]:
    """The one field at fault of a JSON answer."""
    assert answer.status == 422, answer.text
    (field,) = answer.json["error"]["fields"]
    assert isinstance(field, dict)
    return field


def send(door: Intake, page: str = site.PAGE, **fields: str) -> Answer:
    """Send JSON. Calls take no e-mail address."""
    start = {} if page == CALL else {"email": "ada@example.org"}
    return door.api(api_body({**start, **fields}, page=page))


def division_of(door: Intake, answer: Answer) -> str:
    """What was stored as the division of what was just accepted."""
    assert answer.status == 202, answer.text
    stored = {one.id.hex(): one.fields for one in door.stored()}
    return stored[answer.json["id"]].get("division", "")


@pytest.mark.parametrize(
    ("postcode", "division"),
    [
        ("94110", us.CD11),
        ("94110-1234", us.CD11),
        ("94110 1234", us.CD11),
        ("941101234", us.CD11),
        (" 9411 0 ", us.CD11),
        ("٩٤١١٠", us.CD11),
        ("00601", us.PR),
        ("20001", us.DC),
        ("99501", us.AK),
    ],
)
def test_it_fills_in_the_only_one(lookup_door: Intake, postcode: str, division: str) -> None:
    assert division_of(lookup_door, send(lookup_door, postcode=postcode)) == division


def test_it_lets_a_split_postcode_choose(lookup_door: Intake) -> None:
    field = refused(send(lookup_door, postcode="94014"))
    assert (field["field"], field["code"]) == ("division", "choose_one")
    assert field["choices"] == [
        {
            "value": us.CD15,
            "label": "California's 15th district: Kevin Mullin (Representative, Democrat)",
        },
        {
            "value": us.CD11,
            "label": "California's 11th district: Nancy Pelosi (Representative, Democrat)",
        },
    ]
    chosen = send(lookup_door, postcode="94014", division=us.CD11)
    assert division_of(lookup_door, chosen) == us.CD11


def test_it_lets_choose_across_a_state_line(lookup_door: Intake) -> None:
    field = refused(send(lookup_door, SENATE, postcode="42223"))
    assert [choice["value"] for choice in field["choices"]] == [us.KY, us.TN]
    assert field["choices"][0]["label"] == "Kentucky: Rand Paul (Senator, Republican)"


def test_it_asks_no_district_of_whom_only_the_state_matters(lookup_door: Intake) -> None:
    assert division_of(lookup_door, send(lookup_door, SENATE, postcode="94014")) == us.CA


@pytest.mark.parametrize("division", [us.CD15, us.CA, f"{us.CA}/cd:99", us.PR])
def test_it_refuses_who_does_not_represent_the_postcode(lookup_door: Intake, division: str) -> None:
    field = refused(send(lookup_door, postcode="94110", division=division))
    assert (field["field"], field["code"]) == ("division", "choose_one")
    assert [choice["value"] for choice in field["choices"]] == [us.CD11]


@pytest.mark.parametrize("division", ["<script>", "us/P000197", "ocd-division/country:us/" * 30])
def test_it_refuses_what_is_no_division(lookup_door: Intake, division: str) -> None:
    field = refused(send(lookup_door, postcode="94110", division=division))
    assert field["code"] in {"unknown_choice", "choose_one"}


@pytest.mark.parametrize("postcode", ["9411", "601"])
def test_it_says_when_a_zero_was_lost(lookup_door: Intake, postcode: str) -> None:
    field = refused(send(lookup_door, postcode=postcode))
    assert (field["field"], field["code"]) == ("postcode", "postcode_short")
    assert "5 digits" in field["message"]


@pytest.mark.parametrize("postcode", ["770O2", "SW1A 1AA", "1234567", "94110-12"])
def test_it_refuses_what_is_no_postcode_there(lookup_door: Intake, postcode: str) -> None:
    for division in ("", us.CD11):
        field = refused(send(lookup_door, postcode=postcode, division=division))
        assert (field["field"], field["code"]) == ("postcode", "postcode_syntax")


def test_it_asks_who_lives_abroad_where_they_vote(lookup_door: Intake) -> None:
    field = refused(send(lookup_door, postcode="SW1A 1AA", country="GB"))
    assert (field["field"], field["code"]) == ("division", "unknown_postcode")
    chosen = send(lookup_door, postcode="SW1A 1AA", country="GB", division=us.CD15)
    assert division_of(lookup_door, chosen) == us.CD15
    field = refused(send(lookup_door, postcode="SW1A 1AA", country="US"))
    assert field["code"] == "postcode_syntax"


@pytest.mark.parametrize(("postcode", "region"), [("94110", "KY"), ("42223", "CA")])
def test_it_notices_a_state_that_is_not_the_postcodes(
    lookup_door: Intake, postcode: str, region: str
) -> None:
    answer = send(lookup_door, SENATE, postcode=postcode, region=region)
    errors = answer.json["error"]["fields"]
    assert (errors[0]["field"], errors[0]["code"]) == ("region", "other_region")
    page = write(lookup_door, "/en/senate/", postcode=postcode, region=region)
    assert page.status == 422


@pytest.mark.parametrize(
    ("postcode", "region"),
    [("94110", "CA"), ("94110", ""), ("42223", "TN"), ("42223", "KY"), ("20500", "AE")],
)
def test_it_takes_a_state_that_the_postcode_may_lie_in(
    lookup_door: Intake, postcode: str, region: str
) -> None:
    division = {"94110": us.CD11, "42223": f"{us.KY}/cd:1", "20500": us.CD15}[postcode]
    sent = send(lookup_door, postcode=postcode, region=region, division=division)
    assert division_of(lookup_door, sent) == division


@pytest.mark.parametrize("postcode", ["20500", "99999"])
def test_it_asks_where_an_unknown_postcode_is(lookup_door: Intake, postcode: str) -> None:
    field = refused(send(lookup_door, postcode=postcode))
    assert (field["field"], field["code"]) == ("division", "unknown_postcode")
    assert {"value": us.CA, "label": "California"} in field["choices"]
    below = refused(send(lookup_door, postcode=postcode, division=us.CA))
    assert below["code"] == "choose_one"
    assert [choice["value"] for choice in below["choices"]] == [us.CD11, us.CD14, us.CD15]
    chosen = send(lookup_door, postcode=postcode, division=us.CD15)
    assert division_of(lookup_door, chosen) == us.CD15
    assert division_of(lookup_door, send(lookup_door, postcode=postcode, division=us.AK)) == us.AK


def test_it_takes_no_invented_district_for_an_unknown_postcode(lookup_door: Intake) -> None:
    field = refused(send(lookup_door, postcode="20500", division=f"{us.CA}/cd:99"))
    assert field["code"] == "choose_one"
    field = refused(send(lookup_door, postcode="20500", division=f"{us.US}/state:zz"))
    assert field["code"] == "unknown_postcode"


def test_it_sends_a_vacant_seats_letters_to_the_senators(lookup_door: Intake) -> None:
    assert division_of(lookup_door, send(lookup_door, postcode="94005")) == us.CD14


def test_it_says_when_nobody_is_there_to_read(lookup_door: Intake) -> None:
    field = refused(send(lookup_door, HOUSE, postcode="94005"))
    assert (field["field"], field["code"]) == ("division", "seat_vacant")


def test_it_asks_nothing_of_whom_may_leave_it_empty(lookup_door: Intake) -> None:
    assert division_of(lookup_door, send(lookup_door, MIXED)) == ""
    assert division_of(lookup_door, send(lookup_door, MIXED, postcode="94110")) == us.CD11


def test_it_gives_the_same_key_the_same_submission(lookup_door: Intake) -> None:
    body = api_body({"email": "ada@example.org", "postcode": "94110"})
    first, second = lookup_door.api(body), lookup_door.api(body)
    assert first.json["id"] == second.json["id"]


def test_it_names_everything_at_fault_at_once(lookup_door: Intake) -> None:
    answer = send(lookup_door, email="", postcode="94014")
    assert [field["field"] for field in answer.json["error"]["fields"]] == ["email", "division"]


# Without a script: the page comes back and asks ---------------------------------------------------


def test_it_shows_the_people_to_choose_among(lookup_door: Intake) -> None:
    page = write(lookup_door, postcode="94014")
    assert page.status == 422
    assert re.findall(r'type="radio" name="division" id="[^"]+" value="([^"]+)"', page.text) == [
        us.CD15,
        us.CD11,
    ]
    assert "Kevin Mullin (Representative, Democrat)" in page.text
    assert "The new map holds from 2027-01-03." in page.text
    assert 'value="94014"' in page.text
    assert "ada@example.org" in page.text
    assert write(lookup_door, postcode="94014", division=us.CD11).status == 303


def test_it_asks_for_the_state_and_then_for_the_district(lookup_door: Intake) -> None:
    first = write(lookup_door, postcode="20500")
    assert '<select name="division"' in first.text
    assert f'<option value="{us.CA}">California</option>' in first.text
    second = write(lookup_door, postcode="20500", division=us.CA)
    assert "Nancy Pelosi" in second.text
    assert "California&#x27;s 14th district: this seat is empty at the moment" in second.text
    assert "Somewhere else" in second.text
    assert write(lookup_door, postcode="20500", division=us.CD11).status == 303


def test_it_keeps_a_choice_while_something_else_is_wrong(lookup_door: Intake) -> None:
    page = write(lookup_door, email="nonsense", postcode="94014", division=us.CD11)
    assert page.status == 422
    assert re.findall(r'value="([^"]+)" checked', page.text) == [us.CD11]
    assert "choose who" not in page.text


def test_it_shows_whom_to_call(lookup_door: Intake) -> None:
    page = lookup_door.form({"postcode": "94110"}, "/en/call/")
    assert page.status == 422
    assert "Nancy Pelosi (Representative, Democrat): 202-225-4965" in page.text
    assert "Alex Padilla (Senator, Democrat): 202-224-3553" in page.text


def test_it_asks_not_where_a_caller_to_the_pages_own_lives(lookup_door: Intake) -> None:
    stored = send(lookup_door, CALL, target="us/office/x")
    assert division_of(lookup_door, stored) == ""
    field = refused(send(lookup_door, CALL, target="us/P000197"))
    assert (field["field"], field["code"]) == ("division", "unknown_postcode")


def test_it_takes_calls_only_to_those_it_names(lookup_door: Intake) -> None:
    assert send(lookup_door, CALL, postcode="94110", target="us/P000145").status == 202
    assert send(lookup_door, CALL, target="us/office/x").status == 202
    field = refused(send(lookup_door, CALL, postcode="94110", target="us/B001243"))
    assert (field["field"], field["code"]) == ("target", "choose_one")


# When the files are not what they should be -------------------------------------------------------


def test_it_guesses_nothing_once_the_lookup_is_out_of_date(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, valid_to="2020-01-02")
    with site.intake(folder) as door:
        field = refused(send(door, postcode="94110"))
        assert (field["field"], field["code"]) == ("division", "map_expired")
        below = refused(send(door, postcode="94110", division=us.CA))
        labels = [choice["label"] for choice in below["choices"]]
        assert labels[0] == "California's 11th district"
        assert not any("Pelosi" in label for label in labels)
        assert division_of(door, send(door, postcode="94110", division=us.CD11)) == us.CD11


@pytest.mark.parametrize("data", [None, b"", b"{", b"[]", b'{"94110":[[7]]}', b"\xff"])
def test_it_asks_when_a_shard_is_damaged(tmp_path: Path, data: bytes | None) -> None:
    folder = make_folder(tmp_path)
    us.damage(folder, "p/941.json", data)
    with site.intake(folder) as door:
        field = refused(send(door, postcode="94110"))
        assert (field["field"], field["code"]) == ("division", "unknown_postcode")
        assert division_of(door, send(door, postcode="94110", division=us.CD11)) == us.CD11
        assert 'groundswell_lookups_total{result="unknown"} 1' in door.metrics()
        assert "94110" not in door.log.read_text()


@pytest.mark.parametrize("data", [None, b"{}", json.dumps({"region": "x"}).encode()])
def test_it_asks_when_a_region_is_damaged(tmp_path: Path, data: bytes | None) -> None:
    folder = make_folder(tmp_path)
    us.damage(folder, "r/ca.json", data)
    with site.intake(folder) as door:
        field = refused(send(door, postcode="94110"))
        assert (field["field"], field["code"]) == ("division", "unknown_postcode")
        assert division_of(door, send(door, postcode="00601")) == us.PR


@pytest.mark.parametrize("data", [None, b"{}", b'{"format":2}', json.dumps({}).encode()])
def test_it_stays_on_its_feet_without_a_lookup(tmp_path: Path, data: bytes | None) -> None:
    folder = make_folder(tmp_path)
    us.damage(folder, "index.json", data)
    with site.intake(folder) as door:
        assert refused(send(door, postcode="94110"))["code"] == "unknown_postcode"
        assert write(door, postcode="94110").status == 422
        assert division_of(door, send(door, MIXED, postcode="94110")) == ""
        assert door.get("/healthz").status == 200


def test_it_reads_what_the_directory_writes(tmp_path: Path) -> None:
    """Both rooms know only the format: this file is its golden example."""
    folder = make_folder(tmp_path)
    golden = Path(__file__).parents[2] / "directory/tests/golden/lookup.json"
    for name, data in json.loads(golden.read_bytes()).items():
        site.write_page(folder, f"/{name}", json.dumps(data))
    with site.intake(folder) as door:
        field = refused(send(door, postcode="05601"))
        assert [choice["label"] for choice in field["choices"]] == [
            "Zed’s 10th: this seat is empty at the moment",
            "Zed’s 2nd: Boris Alder (Member)",
        ]
        assert refused(send(door, postcode="05602"))["code"] == "unknown_postcode"
