"""Letters and calls in a real browser: found by postcode, written, called, without a script too."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Geolocation, Page, Route, expect

from groundswell.base import keyring
from groundswell.base.wire import Submission
from groundswell.campaigns.tests import sample_site
from groundswell.campaigns.tests.conftest import Visitor, open_page
from groundswell.intake.tests import lookup_site as us
from groundswell.intake.tests.site_factory import Intake, intake, read_journal, touch_generation

LETTER, CALL = "/en/quay/write/", "/en/quay/call/"
SAN_FRANCISCO: Geolocation = {"latitude": 37.77, "longitude": -122.42}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    folder: Path = tmp_path_factory.mktemp("reach")
    keyring.init(folder / "keys")
    sample_site.publish(folder / "site")
    us.write_lookup(folder)
    touch_generation(folder)
    with intake(folder) as running:
        yield running


@pytest.fixture
def scriptless(browser: Browser, door: Intake) -> Iterator[Visitor]:
    one = open_page(browser, door, java_script_enabled=False)
    yield one
    one.page.context.close()


def fill(page: Page, *, postcode: str = "94110", email: str = "ada@example.org") -> None:
    """Everything the sample letter asks, but for its text."""
    page.locator("[name=postcode]").fill(postcode)
    page.locator("[name=prefix]").select_option("Dr.")
    page.locator("[name=given_name]").fill("Ada")
    page.locator("[name=family_name]").fill("Ferrow")
    page.locator("[name=email]").fill(email)
    page.locator("[name=street]").fill("1 Quay Street")
    page.locator("[name=city]").fill("San Francisco")
    page.locator("[name=region]").select_option("CA")


def send(visitor: Visitor) -> None:
    visitor.page.locator("form[data-send] button:not([type=button])").click()


def calls(door: Intake) -> list[Submission]:
    return [record for record in read_journal(door.folder) if record.kind == "call"]


def test_it_shows_who_represents_a_postcode(visitor: Visitor) -> None:
    visitor.goes_to(LETTER)
    visitor.page.locator("[name=postcode]").fill("٩٤١١٠")
    place = visitor.page.locator("[data-place]")
    expect(place.locator("strong")).to_have_text(["Nancy Pelosi", "Alex Padilla", "Adam Schiff"])
    expect(place.locator("[name=division]")).to_have_value(us.CD11)
    expect(place).to_contain_text("January 3, 2027")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visitor.complaints == []


def test_it_lets_choose_between_faces(visitor: Visitor) -> None:
    visitor.goes_to(LETTER)
    visitor.page.locator("[name=postcode]").fill("94014")
    picks = visitor.page.locator("[data-place] .pick")
    expect(picks).to_have_count(2)
    expect(visitor.page.locator("[data-place] [role=status]")).to_contain_text("more than one")
    visitor.page.locator("[data-place] [name=division]").first.focus()
    visitor.page.keyboard.press("ArrowDown")
    expect(visitor.page.get_by_label("Nancy Pelosi")).to_be_checked()
    expect(visitor.page.locator("[data-rest] strong")).to_have_text(["Alex Padilla", "Adam Schiff"])


def test_it_asks_where_an_unknown_postcode_is(visitor: Visitor) -> None:
    visitor.goes_to(LETTER)
    visitor.page.locator("[name=postcode]").fill("20500")
    visitor.page.get_by_label("Where do you live?").select_option("California")
    visitor.page.get_by_label("Kevin Mullin").check()
    fill(visitor.page, postcode="20500", email="box@example.org")
    send(visitor)
    visitor.page.wait_for_url("**/thanks/")
    (stored,) = visitor.stored("box@example.org")
    assert stored.fields["division"] == us.CD15
    assert "where" not in stored.fields


def test_it_says_that_a_zero_is_missing_and_a_seat_empty(visitor: Visitor) -> None:
    visitor.goes_to(LETTER)
    status = visitor.page.locator("[data-place] [role=status]")
    visitor.page.locator("[name=postcode]").fill("9411")
    expect(status).to_contain_text("A digit is missing")
    visitor.page.locator("[name=postcode]").fill("94005")
    place = visitor.page.locator("[data-place]")
    expect(place).to_contain_text("This seat is empty")
    expect(place.locator("strong")).to_have_text(["Alex Padilla", "Adam Schiff"])


def test_it_falls_back_on_the_server_when_the_lookup_does_not_come(visitor: Visitor) -> None:
    visitor.page.route("**/lookup/**", lambda route: route.abort())
    visitor.goes_to(LETTER)
    fill(visitor.page, postcode="94014", email="away@example.org")
    expect(visitor.page.locator("[data-place] [role=status]")).to_contain_text("all the same")
    send(visitor)
    visitor.page.get_by_label("Kevin Mullin").check()
    send(visitor)
    visitor.page.wait_for_url("**/thanks/")
    assert visitor.stored("away@example.org")[0].fields["division"] == us.CD15


def test_it_shows_the_letter_as_it_will_be_read(visitor: Visitor) -> None:
    visitor.goes_to(LETTER)
    fill(visitor.page)
    sheet = visitor.page.locator(".sheet")
    expect(sheet.locator(".to")).to_contain_text("Nancy Pelosi")
    expect(sheet).to_contain_text("I live in San Francisco (94110)")
    visitor.page.get_by_label("My cellar was flooded").check()
    expect(sheet).to_contain_text("under water in May")
    visitor.page.get_by_label("My cellar was flooded").uncheck()
    expect(sheet).not_to_contain_text("under water in May")
    visitor.page.locator(".whom select").select_option("us/P000145")
    expect(sheet.locator(".to")).to_contain_text("Alex Padilla")
    # A value that looks like a mark stays what it is.
    visitor.page.locator("[name=given_name]").fill("{target}")
    expect(sheet.locator(".signed")).to_have_text("{target} Ferrow")
    body = visitor.page.locator("[name=body]")
    body.fill("{salutation}\n\n<b>{given_name}</b> {nonsense}")
    expect(sheet.locator(".said").last).to_have_text("<b>{target}</b> {nonsense}")
    assert visitor.complaints == []


def test_it_measures_own_words_and_length(visitor: Visitor) -> None:
    visitor.goes_to(LETTER)
    share = visitor.page.locator(".own").first
    expect(share).to_contain_text("0% in your own words")
    visitor.page.locator("[name=body]").fill("Nothing of what you gave me is in here, only this.")
    expect(share).to_contain_text("100% in your own words")
    expect(share).to_contain_text("this is your letter")
    left = visitor.page.locator(".left").first
    expect(left).to_be_empty()
    visitor.page.locator("[name=body]").fill("x" * 9_990)
    expect(left).to_contain_text("10 characters left")
    visitor.page.locator("[name=body]").fill("x" * 10_005)
    expect(left).to_contain_text("5 characters too many")


def test_it_keeps_what_was_written_until_it_is_sent(visitor: Visitor) -> None:
    visitor.goes_to(LETTER)
    fill(visitor.page, postcode="94014", email="kept@example.org")
    visitor.page.get_by_label("Kevin Mullin").check()
    visitor.page.locator("[name=body]").fill("My own words, {target}.")
    visitor.page.get_by_label("I walk there").check()
    visitor.page.wait_for_timeout(500)
    visitor.page.reload()
    expect(visitor.page.locator("[name=body]")).to_have_value("My own words, {target}.")
    expect(visitor.page.get_by_label("I walk there")).to_be_checked()
    expect(visitor.page.get_by_label("Kevin Mullin")).to_be_checked()
    send(visitor)
    visitor.page.wait_for_url("**/thanks/")
    assert visitor.page.evaluate("sessionStorage.getItem('draft:/en/quay/write/')") is None
    visitor.goes_to(LETTER)
    expect(visitor.page.locator("[name=given_name]")).to_have_value("")


def reports(door: Intake, ref: str) -> list[tuple[str, str]]:
    return [
        (record.fields["target"], record.fields["step"])
        for record in read_journal(door.folder)
        if record.verb == "report" and record.fields.get("ref") == ref
    ]


def test_it_says_what_is_left_to_do(visitor: Visitor) -> None:
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.page.context.route("https://bridges.example/**", lambda one: one.fulfill(body="form"))
    visitor.goes_to(LETTER)
    fill(visitor.page, email="todo@example.org")
    expect(visitor.page.locator("[data-place] strong")).to_have_count(3)
    send(visitor)
    visitor.page.wait_for_url("**/thanks/")
    cards = visitor.page.locator("[data-reach=thanks] .todo > li")
    expect(cards).to_have_count(5)
    ref = visitor.stored("todo@example.org")[0].id.hex()
    office = cards.filter(has_text="Office of Bridges")
    with visitor.page.expect_popup() as popup:
        office.get_by_text("Copy my letter and open the form").click()
    assert popup.value.url == "https://bridges.example/contact"
    popup.value.close()
    expect(office.locator("[role=status]")).to_contain_text("Copied")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Office of Bridges,\n\nI live in San Francisco (94110)")
    office.get_by_role("button", name="I have sent it").click()
    expect(office.locator("[role=status]")).to_have_text("Noted. Thank you.")
    assert reports(visitor.door, ref) == [("csv/1/bridges", "opened"), ("csv/1/bridges", "sent")]
    expect(cards.filter(has_text="Marta Quill")).to_contain_text("We send this one for you")
    visitor.page.reload()
    again = visitor.page.locator("[data-reach=thanks] .todo > li").filter(has_text="Bridges")
    expect(again.get_by_role("button", name="I have sent it")).to_have_attribute(
        "aria-disabled", "true"
    )


def test_it_prints_for_a_window_envelope(visitor: Visitor) -> None:
    visitor.page.add_init_script(
        "window.print = () => { window.printed = document.documentElement.className }"
    )
    visitor.goes_to(LETTER)
    fill(visitor.page, email="print@example.org")
    expect(visitor.page.locator("[data-place] strong")).to_have_count(3)
    send(visitor)
    visitor.page.wait_for_url("**/thanks/")
    card = visitor.page.locator(".todo > li").filter(has_text="Nancy Pelosi")
    card.get_by_role("button", name="Print the letter").click()
    assert visitor.page.evaluate("window.printed") == "printing"
    paper = visitor.page.locator(".paper")
    expect(paper.locator(".to")).to_contain_text("Nancy Pelosi")
    visitor.page.evaluate("document.documentElement.classList.add('printing')")
    visitor.page.emulate_media(media="print")
    expect(paper).to_be_visible()
    expect(visitor.page.locator("main")).to_be_hidden()


def test_it_leads_from_call_to_call(visitor: Visitor) -> None:
    visitor.page.context.grant_permissions(["geolocation"])
    visitor.page.context.set_geolocation(SAN_FRANCISCO)
    visitor.goes_to(CALL)
    card = visitor.page.locator(".calling")
    expect(card.locator("h3").first).to_contain_text("Marta Quill")
    expect(card).to_contain_text("1 of 2")
    visitor.page.locator("[name=postcode]").fill("94110")
    expect(card.locator("h3").first).to_contain_text("Nancy Pelosi")
    expect(card).to_contain_text("1 of 3")
    assert card.locator("a.tel").get_attribute("href") == "tel:2022254965"
    before = len(calls(visitor.door))
    card.get_by_role("button", name="I left a message").click()
    expect(card.locator("h3").first).to_contain_text("Marta Quill")
    expect(card.locator("h3").first).to_be_focused()
    expect(card).to_contain_text("2 of 3")
    card.get_by_role("button", name="I spoke to somebody").click()
    card.get_by_role("button", name="Go on without calling").click()
    expect(card).to_contain_text("Thank you for calling")
    expect(visitor.page.locator("[data-call] > [role=status]")).to_contain_text("Noted")
    made = calls(visitor.door)[before:]
    assert [(one.fields["target"], one.fields["outcome"]) for one in made] == [
        ("us/P000197", "voicemail"),
        ("csv/1/harbour", "reached"),
    ]
    assert made[0].fields["division"] == us.CD11
    assert all(one.key for one in made)
    assert visitor.complaints == []


def test_it_finds_the_nearest_office_when_asked(visitor: Visitor) -> None:
    visitor.page.context.grant_permissions(["geolocation"])
    visitor.page.context.set_geolocation({"latitude": 51.5, "longitude": -0.1})
    visitor.goes_to(CALL)
    card = visitor.page.locator(".calling")
    expect(card.locator("a.tel")).to_contain_text("0101")
    expect(card).to_contain_text("there: the office")
    card.get_by_text("Other offices").click()
    card.get_by_role("button", name="Which office is nearest to me?").click()
    expect(card).to_contain_text("Nearest to you: Aldermere")
    expect(card.locator("a.tel")).to_contain_text("0102")


def test_it_tries_a_call_again_until_it_is_noted(visitor: Visitor) -> None:
    answers: list[int] = []

    def moody(route: Route) -> None:
        if route.request.method != "POST" or len(answers) >= 2:
            route.continue_()
            return
        answers.append(1)
        if len(answers) == 1:
            route.abort()
        else:
            route.fulfill(status=503, headers={"Retry-After": "1"}, body=json.dumps({}))

    visitor.page.route(f"**{CALL}", moody)
    visitor.goes_to(CALL)
    visitor.page.locator("[name=postcode]").fill("94014")
    visitor.page.get_by_label("Nancy Pelosi").check()
    before = len(calls(visitor.door))
    card = visitor.page.locator(".calling")
    card.get_by_role("button", name="It was busy").click()
    status = visitor.page.locator("[data-call] > [role=status]")
    expect(status).to_contain_text("We try again", ignore_case=True)
    expect(status).to_contain_text("Noted", timeout=15_000)
    assert len(calls(visitor.door)) == before + 1


def test_it_needs_no_script_for_a_letter(scriptless: Visitor) -> None:
    scriptless.goes_to(LETTER)
    fill(scriptless.page, postcode="94014", email="plain@example.org")
    send(scriptless)
    scriptless.page.get_by_label("Kevin Mullin").check()
    assert scriptless.page.locator("[name=given_name]").input_value() == "Ada"
    send(scriptless)
    assert scriptless.page.url.endswith("/thanks/")
    (stored,) = scriptless.stored("plain@example.org")
    assert stored.fields["division"] == us.CD15


def test_it_needs_no_script_for_an_unknown_postcode(scriptless: Visitor) -> None:
    scriptless.goes_to(LETTER)
    fill(scriptless.page, postcode="20500", email="pobox@example.org")
    send(scriptless)
    scriptless.page.get_by_label("Where do you live?").select_option("California")
    send(scriptless)
    scriptless.page.get_by_label("Nancy Pelosi").check()
    send(scriptless)
    assert scriptless.page.url.endswith("/thanks/")
    assert scriptless.stored("pobox@example.org")[0].fields["division"] == us.CD11


def test_it_needs_no_script_for_a_call(scriptless: Visitor) -> None:
    scriptless.goes_to(CALL)
    scriptless.page.locator("[name=postcode]").fill("94110")
    scriptless.page.get_by_label("I left a message").check()
    before = len(calls(scriptless.door))
    send(scriptless)
    scriptless.page.get_by_label("Nancy Pelosi").check()
    expect(scriptless.page.get_by_text("202-225-4965")).to_be_visible()
    send(scriptless)
    assert scriptless.page.url.endswith("/thanks/")
    assert calls(scriptless.door)[before].fields["target"] == "us/P000197"


@pytest.mark.parametrize("path", [LETTER, CALL, "/ar/quay/write/", "/ar/quay/call/"])
def test_it_fits_a_narrow_phone(visitor: Visitor, path: str) -> None:
    visitor.goes_to(path)
    visitor.page.locator("[name=postcode]").fill("94014")
    expect(visitor.page.locator(".pick").first).to_be_visible()
    wide: Any = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    assert visitor.complaints == []


@pytest.mark.parametrize("path", [LETTER, CALL, "/ar/quay/write/", "/ar/quay/call/"])
def test_it_gives_axe_nothing_to_find(visitor: Visitor, path: str) -> None:
    visitor.goes_to(path)
    visitor.page.locator("[name=postcode]").fill("94014")
    visitor.page.locator(".pick").last.click()
    expect(visitor.page.locator(".sheet, .calling h3").first).to_be_visible()
    found = Axe().run(visitor.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
