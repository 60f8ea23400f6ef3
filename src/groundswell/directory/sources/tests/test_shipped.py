"""The facts that the shipped files hold, as they were counted when they were taken."""

from datetime import date

from groundswell.directory.sources import us
from groundswell.directory.sources.tests.test_contract import batch


def test_it_ships_a_congress_of_537_and_four_vacancies() -> None:
    made = batch("us_congress")
    posts = {row.key: row for row in made.posts}
    held = {row.post for row in made.memberships if row.post}
    assert len(made.people) == 537
    assert sum(1 for post in held if posts[post].kind == "senate") == 100
    assert sum(1 for post in held if posts[post].kind == "house") == 437
    assert set(posts) - held == {f"us/seat/{seat}" for seat in ("ca-14", "fl-20", "ga-13", "tx-23")}
    assert len([row for row in made.posts if row.kind == "house"]) == 435 + 6


def test_it_ships_delegates_of_the_district_and_the_territories() -> None:
    made = batch("us_congress")
    roles = {row.area: row.role for row in made.posts if row.kind == "house"}
    assert roles["ocd-division/country:us/territory:pr"] == "Resident Commissioner"
    for code in ("dc", "as", "gu", "mp", "vi"):
        assert roles[us.STATES[code].division] == "Delegate"


def test_it_ships_committees_offices_and_contact_forms() -> None:
    made = batch("us_congress")
    numbers = [row for row in made.contacts if row.type == "voice"]
    assert sum(1 for row in numbers if row.key.endswith(":dc")) == 536
    assert sum(1 for row in numbers if not row.key.endswith(":dc")) == 1280
    placed = {(row.owner, row.label) for row in made.contacts if row.latitude is not None}
    assert len(placed) > 1200
    forms = [row for row in made.contacts if row.type == "form" and row.note]
    assert len(forms) == 99
    cantwell = next(row for row in forms if row.owner == "us/C000127")
    assert cantwell.note.startswith("Asks for: first name, last name, street, city, ZIP code")
    assert "Topics: Agriculture; Department of Defense" in cantwell.note
    assert len([row for row in made.organizations if row.classification == "committee"]) == 230
    assert {row.value for row in made.contacts if row.type == "cwc"} >= {"SWA01", "HPR00", "HCA11"}


def test_it_ships_states_without_a_single_address_that_may_be_a_home() -> None:
    made = batch("us_states")
    assert sum(1 for row in made.people if row.key) == 7453 + 204
    addresses = [row for row in made.contacts if row.type == "address"]
    assert {row.label for row in addresses} == {"Capitol"}
    assert {row.label for row in made.contacts} == {"", "Capitol", "District office"}
    vermont = [row.value for row in addresses if row.owner.startswith("us/vt/")]
    assert vermont
    assert all("05633" in value for value in vermont), "68 of them list their homes"
    assert len({row.owner for row in made.contacts if row.type == "email"}) >= 7439


def test_it_ships_postcodes_that_hold_no_longer_than_the_map() -> None:
    made = batch("us_zip")
    by_code = {row.postcode: row for row in made.crossings}
    assert len(by_code) == 33774
    assert {row.valid_to for row in made.crossings} == {date(2027, 1, 2)}
    assert by_code["94110"].divisions == (("ocd-division/country:us/state:ca/cd:11", None),)
    assert [one for one, _share in by_code["30165"].divisions] == [
        "ocd-division/country:us/state:al/cd:3",
        "ocd-division/country:us/state:ga/cd:14",
    ]
    assert by_code["00601"].divisions == (("ocd-division/country:us/territory:pr", None),)


def test_it_ships_unchecked_what_was_written_from_memory() -> None:
    made = batch("us_executive")
    contacts = {row.key: row for row in made.contacts}
    house = contacts["us/office/president-of-the-united-states#voice:comments"]
    assert (house.value, house.checked_on) == ("+1 202-456-1111", date(2026, 11, 21))
    state = contacts["us/office/secretary-of-state#voice:switchboard"]
    assert (state.value, state.checked_on) == ("+1 202-647-4000", None)
    assert sum(1 for row in made.posts if row.kind == "department") == 15


def test_it_ships_the_states_whose_maps_change() -> None:
    changed = {row.key: row.redrawn_on for row in batch("offices").areas if row.redrawn_on}
    codes = {key.rpartition(":")[2] for key in changed}
    assert codes == {"ca", "tx", "mo", "nc", "oh", "ut", "fl", "al", "la", "tn"}
    assert set(changed.values()) == {date(2027, 1, 3)}
