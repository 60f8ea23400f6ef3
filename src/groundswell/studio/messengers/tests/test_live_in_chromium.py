"""The hour of the post in a real browser: it moves by itself, fits a phone, needs no script."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from groundswell.base import clock, wire
from groundswell.intake import visits as public_door
from groundswell.messengers import queries_live
from groundswell.messengers.models import Messenger, Post
from groundswell.messengers.tests import scenes
from groundswell.people import drain
from groundswell.people.tests.journal import write
from groundswell.studio import roles
from groundswell.studio.directory.tests.test_in_chromium import OUT_OF_CARD, TOO_WIDE
from groundswell.studio.home.tests import desk
from groundswell.studio.messengers import door
from tests.support.chromium import chromium

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_browser_beside_django(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright runs an event loop in this thread; Django would take our queries for async ones.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    queries_live.forget()
    door.forget()


class Scene:
    """A campaign whose singer posted ten minutes ago."""

    def __init__(self) -> None:
        desk.furnish()
        campaign = desk.make_campaign("Keep the river")
        self.key: UUID = campaign.translation_key
        self.page_key = desk.make_page(campaign).page_key
        self.mira: Messenger = scenes.messenger("Mira Sol", instagram=3_000_000, x=400_000)
        self.link = scenes.link("mi1", self.mira, self.key, self.page_key)
        now = clock.now()
        Post.objects.create(
            messenger=self.mira, campaign_key=self.key, network="instagram",
            at=now - timedelta(minutes=10),
        )  # fmt: skip
        scenes.happened(
            scenes.change(
                self.page_key, "mi1", now - timedelta(minutes=n), "vi", "VN",
                visits=400 - 30 * n, collected=90 - 8 * n,
            )
            for n in range(10)
        )  # fmt: skip

    def visited(self, folder: Path, times: int) -> None:
        """The door's record of that many visits, on its way through journal and drain."""
        minute = f"{clock.now():%Y-%m-%dT%H:%M}"
        name = f"{self.page_key.hex} mi1 {minute} fr FR"
        at = clock.to_ms(clock.now())
        fields = {name: f"{times} 0"}
        record = wire.decode_submission(public_door.record(os.urandom(16), fields, at=at))
        # Playwright's event loop runs in this thread, and the journal wants one of its own.
        with ThreadPoolExecutor(1) as aside:
            journal = aside.submit(write, folder, [record]).result()
        drain.drain(journal)


@pytest.fixture
def running(live_server: LiveServer) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def opened(browser: Browser, live_server: LiveServer, *, script: bool = True) -> Page:
    session = desk.client_of(roles.ADMINISTRATORS).cookies["studio_session"].value
    context = browser.new_context(base_url=live_server.url, java_script_enabled=script)
    context.add_cookies([{"name": "studio_session", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def test_it_moves_within_two_seconds_of_the_drain(
    running: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    scene = Scene()
    page = opened(running, live_server)
    page.goto(f"/messengers/campaign/{scene.key}/live/")
    visits = page.locator('[data-number="visits"]')
    before = int(visits.inner_text().replace(",", ""))
    page.evaluate("window.sameDocument = true")
    scene.visited(tmp_path, 7)
    expect(visits).to_have_text(f"{before + 7:,}", timeout=20_000)
    expect(page.locator(".gw-effects")).to_contain_text("France")
    assert page.evaluate("window.sameDocument") is True
    assert page.locator(".gw-curve--expected").count() == 2
    every = page.get_attribute("[data-live-url]", "data-live-every")
    assert every is not None
    # A look each second, at data that may be so old: no more than two seconds behind.
    assert float(every) + queries_live.FRESH.total_seconds() < 2


def test_it_works_without_a_script(
    running: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    scene = Scene()
    page = opened(running, live_server, script=False)
    page.goto(f"/messengers/campaign/{scene.key}/live/")
    before = int(page.locator('[data-number="visits"]').inner_text().replace(",", ""))
    scene.visited(tmp_path, 5)
    queries_live.forget()
    page.reload()
    assert page.locator('[data-number="visits"]').inner_text() == f"{before + 5:,}"
    page.click("text=Reports and comparisons")
    page.click("text=Mira Sol")
    expect(page.locator("[data-claim]")).to_contain_text("Mira Sol brought")


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_the_screen_and_can_be_read(
    running: Browser, live_server: LiveServer, width: int
) -> None:
    scene = Scene()
    page = opened(running, live_server)
    page.set_viewport_size({"width": width, "height": 800})
    here = f"/messengers/campaign/{scene.key}"
    for address in (f"{here}/live/", f"{here}/reports/", f"{here}/reports/{scene.mira.key}/"):
        page.goto(address)
        assert page.evaluate(TOO_WIDE) == [], address
        assert page.evaluate(OUT_OF_CARD) == [], address
        found = Axe().run(page, context="#main", options={"resultTypes": ["violations"]})
        assert found.response["violations"] == [], address
