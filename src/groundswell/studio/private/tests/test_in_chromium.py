"""A messenger's page on a phone: with a script and without, from left and from right, on a real
browser.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from groundswell.base import clock
from groundswell.messengers.models import Messenger
from groundswell.studio.private.tests import scene as scenes
from groundswell.studio.private.tests.scene import Scene, address
from tests.support.chromium import chromium

pytestmark = pytest.mark.django_db(transaction=True)
PHONE: ViewportSize = {"width": 360, "height": 780}
TOO_WIDE = """() => [...document.querySelectorAll("main *")].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width && (box.right > innerWidth + 1 || box.left < -1);
}).map(one => one.outerHTML.slice(0, 80))"""
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente " * 3


@pytest.fixture(autouse=True)
def _a_browser_beside_django(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright runs an event loop in this thread; Django would take our queries for async ones.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def scene() -> Scene:
    return scenes.make()


@contextmanager
def phone(live_server: LiveServer, **options: Any) -> Iterator[tuple[BrowserContext, Page]]:
    """A browser as wide as a small phone; whatever it complains of fails the test."""
    with chromium() as running:
        context = running.new_context(base_url=live_server.url, viewport=PHONE, **options)
        page = context.new_page()
        page.set_default_timeout(20_000)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if _is_amiss(said) else None)
        yield context, page
        assert context.cookies() == []
    assert wrong == []


def _is_amiss(said: ConsoleMessage) -> bool:
    # Chromium says of each form that was refused that it could not load the answer.
    return said.type == "error" and "422" not in said.text


def everything(scene: Scene, one: Messenger, **more: Any) -> str:
    """A page with all that it can have on it; where it is."""
    image = scenes.picture()
    scene.text(
        one, more.pop("words", f"{LONG}\n{scenes.WORDS}"), pictures=((image.pk, "A river"),),
        suggested_at=clock.now() + timedelta(hours=5), **more,
    )  # fmt: skip
    scene.text(one, network="mastodon", embargo_until=clock.now() + timedelta(hours=2))
    scene.text(None, "For all of you.", network="telegram")
    return address(scene.private(one))


def test_it_does_all_with_a_script(scene: Scene, live_server: LiveServer) -> None:
    path = everything(scene, scene.nira)
    link = scene.link(scene.nira)
    with phone(live_server, permissions=["clipboard-read", "clipboard-write"]) as (_context, page):
        page.goto(path)
        mine = page.locator("article", has_text="Open in X")
        mine.locator("text=Copy the text").click()
        expect(page.locator("text=✓ Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert f"/k/{link.code}" in copied
        page.click("text=Yes, like this >> nth=0")
        expect(page.locator("[role=status]")).to_contain_text("your yes has been noted")
        page.click("text=I have posted it")
        expect(page.locator("#effect")).to_contain_text("Nobody has come by your links yet")
        page.evaluate("window.sameDocument = true")
        scenes.visits(link, scene.page_key, 1234, collected=56)
        expect(page.locator("#effect")).to_contain_text("1,234")
        assert page.evaluate("window.sameDocument") is True
        assert page.evaluate(TOO_WIDE) == []


def test_it_does_all_without_a_script(scene: Scene, live_server: LiveServer) -> None:
    path = everything(scene, scene.nira)
    with phone(live_server, java_script_enabled=False) as (_context, page):
        page.goto(path)
        expect(page.locator("button:has-text('Copy')").first).to_be_hidden()
        expect(page.locator("text=Tap the text once").first).to_be_visible()
        page.click("text=Ask for a change, or say something >> nth=0")
        page.fill("textarea >> nth=0", "Shorter, please")
        page.click("text=Ask for this change >> nth=0")
        expect(page.locator(".remarks")).to_contain_text("Please change: Shorter, please")
        page.click("text=Yes, like this >> nth=0")
        expect(page.locator("text=You said yes").first).to_be_visible()
        page.select_option("select[name=network]", "mastodon")
        page.fill("input[name=url]", "not an address")
        page.click("text=I have posted it")
        expect(page.locator("[role=alert]")).to_contain_text("This is no address of a post")
        assert page.input_value("input[name=url]") == "not an address"
        page.fill("input[name=url]", "https://mastodon.example/@nira/1")
        page.click("text=I have posted it")
        expect(page.locator("#effect")).to_contain_text("your post")


def test_it_is_read_from_the_right(scene: Scene, live_server: LiveServer) -> None:
    path = everything(scene, scene.teo, words="نهرنا ليس مصرفًا. {link}", language="ar")
    with phone(live_server) as (_context, page):
        page.goto(path)
        assert page.evaluate("document.documentElement.dir") == "rtl"
        assert page.evaluate(TOO_WIDE) == []
        words = page.locator(".words[lang=ar]").first
        assert words.evaluate("one => getComputedStyle(one).direction") == "rtl"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_leaves_axe_nothing_to_find(scene: Scene, live_server: LiveServer, scheme: Any) -> None:
    path = everything(scene, scene.nira)
    with phone(live_server, color_scheme=scheme, reduced_motion="reduce") as (_context, page):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_it_says_kindly_that_a_link_is_over(live_server: LiveServer) -> None:
    with chromium() as running:
        page = running.new_context(base_url=live_server.url, viewport=PHONE).new_page()
        answer = page.goto("/m/" + "A" * 43)
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("h1")).to_have_text("This link does not work")
        assert page.evaluate(TOO_WIDE) == []
