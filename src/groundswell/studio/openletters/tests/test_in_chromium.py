"""The desk and a signatory's own page in a real browser: on a phone, without a script, readable."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from groundswell.base import env
from groundswell.campaigns.models import OpenLetterPage, Signatory
from groundswell.people import cosign
from groundswell.people import open_letter_firsts as firsts
from groundswell.people.tests.letterpages import FORM, HARBOUR, MAYOR, offices
from groundswell.studio import roles
from groundswell.studio.home.tests import desk
from groundswell.studio.openletters.tests import letters
from tests.support.chromium import chromium

pytestmark = pytest.mark.django_db(transaction=True)

TOO_WIDE = """() => [...document.querySelectorAll("main *, #main *")].filter(one =>
  one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest(".w-sr-only, thead, .w-slim-header, details:not([open])")
  && getComputedStyle(one).position !== "absolute"
).map(one => one.className || one.tagName)"""


@pytest.fixture(autouse=True)
def _a_browser_beside_django(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright runs an event loop in this thread; Django would take our queries for async ones.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def running() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def letter() -> OpenLetterPage:
    page = letters.make(keys=[HARBOUR, MAYOR, FORM])
    offices()
    people = letters.invite(page.page_key, 6, group="Musicians of the valley")
    for one in people[:4]:
        firsts.sign(signatory=one, revision=1, language="en")
    page = letters.revise(page, letters.THIRD, "Both dams now, since the second was announced.")
    firsts.sign(signatory=people[4], revision=2, language="en")
    cosign.follow([letters.cosign(page.page_key, n) for n in range(3)])
    letters_of = letters.cosign(page.page_key, 9, given_name="BUY", family_name="www.buy.example")
    cosign.follow([letters_of])
    return page


def private(signatory: Signatory, server: LiveServer) -> str:
    return firsts.link(signatory).replace(env.load().studio_url.rstrip("/"), server.url)


def readable(page: Page) -> list[str]:
    found = Axe().run(page, context="#main, main").response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def test_it_signs_on_a_phone_without_a_script(
    live_server: LiveServer, running: Browser, letter: OpenLetterPage
) -> None:
    one = Signatory.objects.get(state="invited")
    context = running.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(private(one, live_server))
    expect(page.get_by_role("heading", level=1)).to_have_text("Let the river run")
    page.get_by_label("Role or profession").fill("Double bass player")
    page.get_by_role("button", name="Sign this letter").click()
    expect(page.get_by_role("status")).to_contain_text("You have signed the letter")
    assert context.cookies() == []
    one.refresh_from_db()
    assert (one.state, one.revision, one.role) == ("signed", 2, "Double bass player")


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_every_page_and_can_be_read(
    live_server: LiveServer, running: Browser, letter: OpenLetterPage, width: int
) -> None:
    session = desk.client_of(roles.ADMINISTRATORS).cookies["studio_session"].value
    context = running.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 800}
    )
    context.add_cookies([{"name": "studio_session", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    first = Signatory.objects.order_by("position").first()
    assert first is not None
    base = f"/open-letters/{letter.page_key}/"
    paths = ["", "add/", "ask-again/", f"first/{first.key}/", "public/", "flags/", "delivery/"]
    places = ["/open-letters/", *(base + path for path in paths), private(first, live_server)]
    for place in places:
        page.goto(place)
        assert page.evaluate(TOO_WIDE) == [], place
        assert readable(page) == [], place
