"""The Cards tab in a real browser: a choice is seen at once, and nothing hangs out on a phone."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from groundswell.messengers.models import CardDesign
from groundswell.studio import roles
from groundswell.studio.directory.tests.test_in_chromium import OUT_OF_CARD, TOO_WIDE
from groundswell.studio.home.tests import desk
from tests.support.chromium import chromium

pytestmark = pytest.mark.django_db(transaction=True)

DRAWN = """() => [...document.querySelectorAll("[data-card]")].every(one =>
  one.src.startsWith("blob:") && one.complete && one.naturalWidth > 0)"""


@pytest.fixture(autouse=True)
def _a_browser_beside_django(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright runs an event loop in this thread; Django would take our queries for async ones.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def page(live_server: LiveServer) -> Iterator[Page]:
    desk.furnish()
    campaign = desk.make_campaign("Keep the river")
    desk.make_page(campaign)
    session = desk.client_of(roles.CAMPAIGNERS).cookies["studio_session"].value
    with chromium() as running:
        context = running.new_context(base_url=live_server.url)
        context.add_cookies([{"name": "studio_session", "value": session, "url": live_server.url}])
        one = context.new_page()
        one.set_default_timeout(30_000)
        wrong: list[str] = []
        one.on("pageerror", lambda error: wrong.append(str(error)))
        one.goto(reverse("messengers_cards", args=[campaign.translation_key]))
        yield one
    assert wrong == []


def test_it_shows_each_choice_and_saves_it(page: Page) -> None:
    page.get_by_label("Frame", exact=False).check()
    page.get_by_label("Headline").first.fill("A river\nfor all of us")
    page.wait_for_function(DRAWN)
    expect(page.locator(".gw-contrast--good")).to_have_count(2)
    page.get_by_label("Text", exact=True).fill("#1a4048")
    expect(page.locator(".gw-contrast--bad")).to_have_count(1)
    expect(page.locator("[data-card-trouble]").first).to_contain_text("at least 4.5:1")
    page.get_by_label("Text", exact=True).fill("#ffffff")
    page.get_by_label("These cards are public").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The cards are drawn now")).to_be_visible()
    design = CardDesign.objects.get()
    assert (design.template, design.live) == ("frame", True)
    assert design.texts["en"]["headline"].split() == ["A", "river", "for", "all", "of", "us"]


def test_it_fits_a_telephone_and_can_be_read_by_all(page: Page) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(100)
        assert page.evaluate(TOO_WIDE) == []
        assert page.evaluate(OUT_OF_CARD) == []
    found = Axe().run(page, context=".gw-page")
    assert found.response["violations"] == []
