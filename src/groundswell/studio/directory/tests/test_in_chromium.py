"""Both desks in a real browser: search as you type, nothing overflows, nothing is unreadable."""

import os
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from groundswell.delivery.models import State
from groundswell.directory import queries, services
from groundswell.directory.lists import Rule
from groundswell.directory.models import TargetList
from groundswell.studio import roles
from groundswell.studio.delivery.tests import scene as letters
from groundswell.studio.directory.tests import scene
from groundswell.studio.directory.tests.scene import ADAM, MARIA, MINISTRY
from groundswell.studio.home.tests import desk
from tests.support.chromium import chromium

pytestmark = pytest.mark.django_db(transaction=True)

# What a closed <details> hides has a place, too, but nobody sees it.
TOO_WIDE = """() => [...document.querySelectorAll("#main *")].filter(one =>
  one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest(".w-sr-only, .gw-scroll, thead, .w-slim-header, details:not([open])")
  && getComputedStyle(one).position !== "absolute"
).map(one => one.className || one.tagName)"""
OUT_OF_CARD = """() => [...document.querySelectorAll(".gw-card")].filter(card =>
  card.scrollWidth > card.clientWidth + 1).map(card => card.textContent.trim().slice(0, 40))"""


@pytest.fixture(autouse=True)
def _a_browser_beside_django(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright runs an event loop in this thread; Django would take our queries for async ones.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def browser(live_server: LiveServer) -> Iterator[Page]:
    desk.furnish()
    session = desk.client_of(roles.ADMINISTRATORS).cookies["studio_session"].value
    with chromium() as running:
        context = running.new_context(base_url=live_server.url)
        context.add_cookies([{"name": "studio_session", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield page
    assert wrong == []


def addresses() -> list[str]:
    """A page of each sort, with long names and letters in every state."""
    sent = letters.make("A title that goes on, and Donaudampfschifffahrtsgesellschaft " * 2)
    scene.load()
    row = services.create_list(name="All", rule=Rule(kinds=("house",), keys=(MARIA,)), by="alice")
    letters.go(sent.send(3), State.SENDING, State.ACCEPTED)
    failed = sent.send(1, target=letters.OFFICE)
    letters.go(failed, State.SENDING, State.FAILED, words="550 " + "x" * 280)
    sent.send(2, target=letters.OFFICE, channel="form")
    letters.go(sent.send(1, target=letters.OFFICE, channel="print"), State.OPENED, State.SAYS_SENT)
    services.report(contact_id=scene.contact(f"{MARIA}#email").pk, what="bounced", by="core")
    return [
        "/directory/", f"/directory/who/{MARIA}/", "/directory/changes/", "/directory/editions/",
        f"/directory/contact/{scene.contact(f'{MARIA}#voice').pk}/", "/directory/import/",
        "/directory/lists/", f"/directory/lists/{row.pk}/", "/delivery/", "/delivery/answers/",
        f"/delivery/{sent.page_key}/", f"/delivery/{sent.page_key}/letters/",
        f"/delivery/letter/{failed[0].key}/", f"/delivery/{sent.page_key}/pause/",
    ]  # fmt: skip


def test_it_builds_a_list_by_typing(browser: Page) -> None:
    scene.load()
    browser.goto("/directory/lists/new/")
    browser.fill("[name=name]", "Two of them")
    browser.locator("#id_q").press_sequentially("cantw")
    browser.click("[data-found] button")
    expect(browser.locator("[data-count]")).to_have_text("1")
    browser.locator("#id_q").press_sequentially("secretary")
    expect(browser.locator("[data-found] button")).to_have_count(1)
    browser.press("#id_q", "Enter")
    expect(browser.locator("[data-count]")).to_have_text("2")
    browser.locator("#id_q").press_sequentially("zzz")
    expect(browser.locator("[data-found]")).to_contain_text("Nobody found")
    browser.click("summary:has-text('Kind of office')")
    browser.check("text=US House of Representatives")
    expect(browser.locator("[data-count]")).to_have_text("4")
    expect(browser.locator("[data-preview]")).to_contain_text("Adam Smith")
    browser.click("text=Save the list")
    browser.wait_for_url("**/directory/lists/")
    row = TargetList.objects.get()
    assert {one.key for one in queries.of_list(row.pk)} == {MARIA, MINISTRY, ADAM, "us/B001001"}


def test_it_shows_letters_move_without_a_reload(browser: Page) -> None:
    sent = letters.make()
    waiting = sent.send(3)
    browser.goto(f"/delivery/{sent.page_key}/")
    expect(browser.locator('[data-part="way"]')).to_have_text("3")
    browser.evaluate("window.sameDocument = true")
    letters.go(waiting, State.SENDING, State.ACCEPTED)
    expect(browser.locator('[data-part="accepted"]')).to_have_text("3", timeout=20_000)
    assert browser.evaluate("window.sameDocument") is True


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_the_screen(browser: Page, width: int) -> None:
    browser.set_viewport_size({"width": width, "height": 800})
    for address in addresses():
        browser.goto(address)
        assert browser.evaluate(TOO_WIDE) == [], address
        assert browser.evaluate(OUT_OF_CARD) == [], address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_leaves_axe_nothing_to_find(browser: Page, scheme: Literal["light", "dark"]) -> None:
    browser.emulate_media(color_scheme=scheme)
    for address in addresses():
        browser.goto(address)
        found = Axe().run(browser, context="#main").response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], address
