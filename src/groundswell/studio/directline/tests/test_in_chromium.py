"""The direct line's desk in a real browser: logged by typing, on a phone, and nothing overflows."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from groundswell.directline.models import Entry, Party
from groundswell.studio import roles
from groundswell.studio.directory.tests import scene
from groundswell.studio.directory.tests.scene import ADAM, MARIA
from groundswell.studio.directory.tests.test_in_chromium import TOO_WIDE
from groundswell.studio.home.tests import desk
from tests.support.chromium import chromium

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_browser_beside_django(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright runs an event loop in this thread; Django would take our queries for async ones.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def browser(live_server: LiveServer) -> Iterator[Page]:
    desk.furnish()
    scene.load()
    session = desk.client_of(roles.CAMPAIGNERS).cookies["studio_session"].value
    with chromium() as running:
        context = running.new_context(
            base_url=live_server.url, viewport={"width": 360, "height": 780}
        )
        context.add_cookies([{"name": "studio_session", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield page
    assert wrong == []


def test_it_logs_a_conversation_on_a_phone(browser: Page) -> None:
    browser.goto(f"/direct-line/new/?target={MARIA}")
    expect(browser.locator(".gw-picker__chosen")).to_contain_text("Maria Cantwell")
    browser.locator("gw-picker input").press_sequentially("adam smi")
    browser.click(".gw-picker__found button")
    assert browser.evaluate(TOO_WIDE) == []
    browser.fill("[name=theirs]", "Pim Oduya, policy adviser")
    browser.fill("[name=said]", "Not before the hearing, and not without " + "x" * 120)
    browser.fill("[name=next_step]", "Send the brief")
    browser.click("text=Keep it")
    expect(browser.locator(".gw-page__title")).to_contain_text("Maria Cantwell, Adam Smith")
    assert browser.evaluate(TOO_WIDE) == []
    assert set(Party.objects.values_list("target", flat=True)) == {MARIA, ADAM}
    addresses = ["/direct-line/", f"/direct-line/{Entry.objects.get().key}/", "/direct-line/new/"]
    for address in addresses:
        browser.goto(address)
        assert browser.evaluate(TOO_WIDE) == [], address
        found = Axe().run(browser, context="#main").response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], address
