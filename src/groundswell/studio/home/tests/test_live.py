"""Home in a real browser: numbers move by themselves, nothing overflows, nothing is lost."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from groundswell.base import clock
from groundswell.people.tests import factories
from groundswell.people.tests.factories import Recipe, fill
from groundswell.studio import roles
from groundswell.studio.home.tests import desk
from tests.support.chromium import chromium

pytestmark = pytest.mark.django_db(transaction=True)

TOO_WIDE = """() => [...document.querySelectorAll("#main *")].filter(one =>
  one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest(".w-sr-only, .gw-scroll, thead, .w-slim-header")
  && getComputedStyle(one).position !== "absolute"
).map(one => one.className || one.tagName)"""


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
        page.set_default_timeout(15_000)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if "Content Security" in said.text else None,
        )
        yield page
    assert wrong == []


def number(page: Page, name: str) -> str:
    return page.inner_text(f'[data-number="{name}"]')


def test_it_shows_new_signatures_without_a_reload(browser: Page) -> None:
    key = desk.make_page().page_key
    fill(10, Recipe(page_keys=[key], until=clock.now(), over=timedelta(hours=3)))
    browser.goto("/")
    assert number(browser, "collected") == "10"
    browser.evaluate("window.sameDocument = true")
    browser.click("text=Show as a table")
    browser.focus(".gw-switch a")
    factories.add_one(page_key=key)
    expect(browser.locator('[data-number="collected"]')).to_have_text("11", timeout=15_000)
    assert browser.evaluate("window.sameDocument") is True
    assert browser.evaluate("document.querySelector('.gw-plot details').open") is True
    assert browser.evaluate("document.activeElement.closest('.gw-switch') !== null") is True


def test_it_rests_while_nobody_looks(browser: Page) -> None:
    desk.make_page()
    asked: list[Any] = []
    browser.on("request", lambda one: asked.append(one) if "/live/" in one.url else None)
    browser.goto("/")
    browser.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { get: () => window.away, configurable: true });
          window.away = true;
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    browser.wait_for_timeout(6_500)
    assert asked == []
    with browser.expect_request("**/live/"):
        browser.evaluate(
            "() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')); }"
        )


def test_it_says_when_the_studio_is_gone_and_comes_back(browser: Page) -> None:
    desk.make_page()
    browser.goto("/")
    browser.route("**/live/", lambda route: route.abort())
    status = browser.locator("[data-live-status]")
    expect(status).to_contain_text("not moving", timeout=25_000)
    browser.unroute("**/live/")
    browser.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(status).to_have_text("", timeout=30_000)


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_the_screen(browser: Page, width: int) -> None:
    long = "A title that goes on and on, and Donaudampfschifffahrtsgesellschaft " * 2
    page = desk.make_page(desk.make_campaign(long.strip()), title=long.strip())
    fill(300, Recipe(page_keys=[page.page_key], until=clock.now()))
    row = factories.add_one(
        page_key=page.page_key, fields={"given_name": "X" * 150, "comment": "y" * 400}
    )
    browser.set_viewport_size({"width": width, "height": 800})
    for address in (
        "/", f"/actions/{page.page_key}/?by=day", "/supporters/", "/audit/",
        f"/supporters/{row.submission_id}/", f"/supporters/{row.submission_id}/erase/",
        f"/supporters/{row.submission_id}/withdraw/", "/supporters/export/",
    ):  # fmt: skip
        browser.goto(address)
        assert browser.evaluate(TOO_WIDE) == [], address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_leaves_axe_nothing_to_find(browser: Page, scheme: Literal["light", "dark"]) -> None:
    page = desk.make_page()
    fill(60, Recipe(page_keys=[page.page_key], until=clock.now()))
    row = factories.add_one(page_key=page.page_key, marks=2, consents=["news"])
    browser.emulate_media(color_scheme=scheme)
    for address in (
        "/", f"/actions/{page.page_key}/", "/supporters/", f"/supporters/{row.submission_id}/",
        "/supporters/export/", "/audit/",
    ):  # fmt: skip
        browser.goto(address)
        found = Axe().run(browser, context="#main").response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], address
