"""A real browser before a real public door that serves the sample site."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from groundswell.base import keyring
from groundswell.base.wire import Submission
from groundswell.campaigns import publish_files
from groundswell.campaigns.pack import Site
from groundswell.campaigns.tests import sample_site
from groundswell.intake.tests import lookup_site
from groundswell.intake.tests.site_factory import Intake, intake, read_journal, touch_generation
from tests.support.chromium import chromium


@pytest.fixture(scope="session", autouse=True)
def _words() -> None:
    # By name: the catalogue is a room above this one, and only its words are wanted here.
    importlib.import_module("groundswell.studio.catalogue").compile()


# Not for the session: while Playwright's loop runs in a thread, Django refuses its database there.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    folder = tmp_path_factory.mktemp("door")
    keyring.init(folder / "keys")
    sample_site.publish(folder / "site")
    lookup_site.write_lookup(folder)
    touch_generation(folder)
    with intake(folder) as running:
        yield running


@dataclass
class Visitor:
    """Somebody with a page open. `complaints` are what the browser found wrong with it."""

    page: Page
    door: Intake
    complaints: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> None:
        self.page.goto(f"http://127.0.0.1:{self.door.port}{path}")

    def fills_in(self, *, email: str = "ada@example.org") -> None:
        self.page.get_by_label("First name").fill("Ada")
        self.page.get_by_label("Last name").fill("Ferrow")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Saturday").check()
        self.page.get_by_label("Hand my name over.").check()

    def presses_sign(self) -> None:
        self.page.locator("form button").first.click()

    def stored(self, email: str) -> list[Submission]:
        records = read_journal(self.door.folder)
        return [record for record in records if record.fields.get("email") == email]


def open_page(browser: Browser, door: Intake, **context: object) -> Visitor:
    """A visitor in a fresh browser profile; `context` is Playwright's."""
    page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
    visitor = Visitor(page, door)

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            visitor.complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    return visitor


@pytest.fixture
def visitor(browser: Browser, door: Intake) -> Iterator[Visitor]:
    one = open_page(browser, door, viewport={"width": 360, "height": 740})
    yield one
    one.page.context.close()


@pytest.fixture
def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for the public files of a test that publishes from the database."""
    monkeypatch.setattr(publish_files, "site", lambda: Site(tmp_path))
    return tmp_path / "public"
