"""The world of the journeys: one installation, one browser, and people's devices."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.support.chromium import chromium
from tests.support.stack import Stack

# Answers that a story provokes on purpose; the browser reports each as an error of the page.
PROVOKED = re.compile(r"Failed to load resource.* status of 4\d\d")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@contextmanager
def installation() -> Iterator[Stack]:
    running = Stack()
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(running.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The demo, running. Shared by all stories, so each has its own people."""
    with installation() as running:
        yield running


@pytest.fixture(scope="session")
def lonely() -> Iterator[Stack]:
    """A second installation, for what needs most of it to be down."""
    with installation() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


Device = Callable[..., Page]


@pytest.fixture
def device(browser: Browser) -> Iterator[Device]:
    """Makes devices. Whatever goes wrong in one of their pages, a script or a policy, fails."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not PROVOKED.search(message.text):
            wrong.append(message.text)

    def make(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", hear)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def phone(device: Device) -> Page:
    """A small phone with everything on."""
    return device(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)


@pytest.fixture
def plain_phone(device: Device) -> Page:
    """The same without JavaScript, as in some in-app browsers."""
    return device(viewport={"width": 360, "height": 740}, is_mobile=True, java_script_enabled=False)


@pytest.fixture
def desk(device: Device) -> Page:
    """A computer on a desk."""
    return device()
