"""Signing, as people do it: with and without a script, by keyboard, in the hour of the surge."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from groundswell.campaigns.tests.conftest import Visitor, open_page
from groundswell.campaigns.tests.sample_site import PAGE
from groundswell.intake.tests.site_factory import Intake

SIGN = "/en/room/sign/"
THANKS = re.compile(r"/en/room/sign/thanks/$")


@pytest.fixture
def scriptless(browser: Browser, door: Intake) -> Iterator[Visitor]:
    one = open_page(
        browser, door, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    yield one
    one.page.context.close()


def test_it_signs(visitor: Visitor) -> None:
    visitor.goes_to(SIGN + "?s=whatsapp")
    visitor.fills_in(email="signs@example.org")
    visitor.presses_sign()
    expect(visitor.page).to_have_url(THANKS)
    [record] = visitor.stored("signs@example.org")
    assert record.source == "whatsapp"
    assert record.consents == {"hand": "v1"}
    assert record.key
    assert visitor.complaints == []


def test_it_signs_without_a_script(scriptless: Visitor) -> None:
    scriptless.goes_to(SIGN + "?s=poster")
    scriptless.fills_in(email="plain@example.org")
    scriptless.presses_sign()
    expect(scriptless.page).to_have_url(THANKS)
    [record] = scriptless.stored("plain@example.org")
    assert record.source == "poster"


def test_it_keeps_what_was_typed_and_names_errors_without_a_script(scriptless: Visitor) -> None:
    scriptless.goes_to(SIGN)
    scriptless.page.get_by_label("First name").fill('Ada "Countess" <b>')
    scriptless.page.get_by_label("Country").select_option("EG")
    scriptless.page.get_by_label("Saturday").check()
    scriptless.page.get_by_label("E-mail").fill("nonsense")
    scriptless.presses_sign()
    summary = scriptless.page.get_by_role("alert")
    expect(summary).to_contain_text("Please have another look")
    expect(summary).to_contain_text("Last name: Please fill this in.")
    expect(summary).to_be_in_viewport()
    expect(scriptless.page.get_by_label("First name")).to_have_value('Ada "Countess" <b>')
    expect(scriptless.page.get_by_label("Country")).to_have_value("EG")
    expect(scriptless.page.get_by_label("Saturday")).to_be_checked()
    email = scriptless.page.get_by_label("E-mail")
    expect(email).to_have_accessible_description(re.compile("name@example.org"))
    expect(email).to_have_attribute("aria-invalid", "true")


def test_it_names_errors_in_place_and_leads_to_them(visitor: Visitor) -> None:
    visitor.goes_to(SIGN)
    visitor.fills_in(email="nonsense")
    visitor.presses_sign()
    summary = visitor.page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("E-mail: Please check this address.")
    email = visitor.page.get_by_label("E-mail")
    expect(email).to_have_accessible_description(re.compile("name@example.org"))
    summary.get_by_role("link").first.click()
    expect(email).to_be_focused()
    email.fill("mended@example.org")
    visitor.presses_sign()
    expect(visitor.page).to_have_url(THANKS)
    assert len(visitor.stored("mended@example.org")) == 1


def test_it_signs_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    visitor.goes_to(SIGN)
    keys = visitor.page.keyboard
    keys.press("Tab")
    expect(visitor.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.press("Enter")

    def reach(label: str) -> None:
        target = visitor.page.get_by_label(label, exact=False).first
        for _ in range(40):
            if target.evaluate("one => one === document.activeElement"):
                return
            keys.press("Tab")
        raise AssertionError(f"{label} cannot be reached")

    for label, text in (("First name", "Ada"), ("Last name", "F"), ("E-mail", "keys@example.org")):
        reach(label)
        keys.type(text)
    reach("Monday")
    keys.press("ArrowDown")
    reach("Hand my name over.")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Enter")
    expect(visitor.page).to_have_url(THANKS)
    [record] = visitor.stored("keys@example.org")
    assert record.fields["q_day"] == "sat"


def test_it_sends_once_for_a_double_click(visitor: Visitor) -> None:
    visitor.goes_to(SIGN)
    visitor.fills_in(email="twice@example.org")
    visitor.page.locator("form button").first.dblclick()
    expect(visitor.page).to_have_url(THANKS)
    assert len(visitor.stored("twice@example.org")) == 1


def test_it_leaves_the_honeypot_to_robots(visitor: Visitor) -> None:
    visitor.goes_to(SIGN)
    tree = visitor.page.locator("form[data-send]").aria_snapshot()
    assert "Leave this empty" not in tree
    assert "First name" in tree
    visitor.fills_in(email="human@example.org")
    visitor.presses_sign()
    expect(visitor.page).to_have_url(THANKS)
    [record] = visitor.stored("human@example.org")
    assert not record.marks & 1


def test_it_refreshes_the_count_while_it_is_looked_at(visitor: Visitor) -> None:
    count = {"page": PAGE, "counted": 2001, "collected": 2400, "goal": 2500, "at": ""}
    visitor.page.route(f"**/count/{PAGE}.json", lambda route: route.fulfill(json=count))
    visitor.goes_to(SIGN)
    expect(visitor.page.locator(f'[data-count="{PAGE}"]').first).to_have_text("2,001")
    assert visitor.page.locator("progress").first.evaluate("one => one.value") == 2001
    count["counted"] = 1
    visitor.goes_to(SIGN)
    expect(visitor.page.locator(f'[data-unit="{PAGE}"]').first).to_have_text("person has signed")
    count["counted"] = 0
    visitor.goes_to(SIGN)
    expect(visitor.page.get_by_text("Be the first to sign")).to_be_visible()


def test_it_keeps_the_source_when_the_language_changes(visitor: Visitor) -> None:
    visitor.goes_to(SIGN + "?s=telegram")
    visitor.page.locator(".langs summary").click()
    visitor.page.get_by_role("link", name="العربية").click()
    expect(visitor.page).to_have_url(re.compile(r"/ar/room/sign/\?s=telegram$"))


@pytest.mark.parametrize(
    "path",
    [
        f"/en/room/sign/confirm/?t={'A' * 43}",
        f"/en/room/sign/withdraw/?t={'A' * 43}&s=mail",
        f"/en/my-data/?t={'A' * 43}",
    ],
)
def test_it_takes_the_token_along_to_another_language(visitor: Visitor, path: str) -> None:
    visitor.goes_to(path)
    home = visitor.page.locator(".mark").get_attribute("href") or ""
    assert "t=" not in home
    visitor.page.locator(".langs summary").click()
    visitor.page.get_by_role("link", name="العربية").click()
    visitor.page.wait_for_url("**/ar/**")
    assert sorted(re.split("[?&]", visitor.page.url)[1:]) == sorted(re.split("[?&]", path)[1:])


def test_it_offers_no_language_that_would_lose_the_token(scriptless: Visitor) -> None:
    scriptless.goes_to(f"/en/room/sign/confirm/?t={'A' * 43}")
    expect(scriptless.page.locator(".langs")).to_be_hidden()
    scriptless.goes_to("/en/room/sign/thanks/")
    scriptless.page.locator(".langs summary").click()
    scriptless.page.get_by_role("link", name="العربية").click()
    expect(scriptless.page).to_have_url(re.compile(r"/ar/room/sign/thanks/$"))


def test_it_carries_only_a_source_that_is_one(visitor: Visitor) -> None:
    visitor.goes_to(SIGN + "?s=%3Cscript%3E")
    href = visitor.page.locator(".langs a").last.get_attribute("href")
    assert href == "/ar/room/sign/"


def test_it_copies_the_link_with_its_source(visitor: Visitor) -> None:
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.goes_to("/en/room/sign/thanks/")
    visitor.page.get_by_role("button", name="Copy the link").click()
    expect(visitor.page.locator("[data-said]")).to_have_text("Copied")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("/en/room/sign/?s=copy")


def test_it_shares_on_each_network_with_a_code_of_its_own(scriptless: Visitor) -> None:
    scriptless.goes_to("/en/room/sign/thanks/")
    links = scriptless.page.locator(".share a").all()
    codes = [re.findall(r"%3Fs%3D([a-z]+)", link.get_attribute("href") or "")[0] for link in links]
    assert codes == [
        *("whatsapp", "telegram", "x", "facebook", "bluesky", "mastodon", "threads"),
        *("email", "sms"),
    ]
    expect(scriptless.page.get_by_text("Copy the link")).to_be_hidden()


def test_it_asks_for_the_mastodon_server(visitor: Visitor) -> None:
    visitor.goes_to("/en/room/sign/thanks/")
    visitor.page.route("https://social.example/**", lambda route: route.fulfill(body="there"))
    visitor.page.get_by_role("link", name="Mastodon").click()
    visitor.page.get_by_label("Your Mastodon server").fill("https://social.example/@ada")
    visitor.page.get_by_role("button", name="Go on").click()
    expect(visitor.page).to_have_url(
        re.compile(r"^https://social\.example/share\?text=.+s%3Dmastodon")
    )


def test_it_confirms_with_the_button_and_not_by_looking(visitor: Visitor) -> None:
    token = "A" * 43
    visitor.goes_to(f"/en/room/sign/confirm/?t={token}")
    visitor.page.get_by_role("button", name="Yes, count my signature").click()
    expect(visitor.page).to_have_url(re.compile(r"/en/room/sign/confirmed/$"))


def test_it_asks_what_to_do_with_my_data(visitor: Visitor) -> None:
    visitor.goes_to(f"/en/my-data/?t={'B' * 43}")
    visitor.page.get_by_role("button", name="Do this").click()
    visitor.page.get_by_role("alert").get_by_role("link").click()
    expect(visitor.page.get_by_label("Take my signature back")).to_be_focused()
    visitor.page.get_by_label("Erase my data").check()
    visitor.page.get_by_role("button", name="Do this").click()
    expect(visitor.page).to_have_url(re.compile(r"/en/my-data/done/$"))


def test_it_says_what_a_refusal_says(visitor: Visitor) -> None:
    visitor.goes_to(SIGN)
    visitor.fills_in()
    error = {"code": "closed", "message": "This has closed.", "fields": []}
    visitor.page.route(
        "**/room/sign/", lambda route: route.fulfill(status=410, body=json.dumps({"error": error}))
    )
    visitor.presses_sign()
    expect(visitor.page.get_by_role("alert")).to_contain_text("This has closed.")
