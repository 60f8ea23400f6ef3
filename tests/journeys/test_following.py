"""Somebody follows a musician's link: what is known of it afterwards is the link, and not who."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page

from tests.journeys.people import SIGN, SIGN_ARABIC, fill, send
from tests.support.stack import Stack, fetch, status, wait

CHILD: Final = Path(__file__).parent / "follow_child.py"


def child(stack: Stack, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, str(CHILD), *words],
        env=stack.environ, cwd=stack.folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def code(stack: Stack) -> str:
    """A tracked link, once the door knows it."""
    made: str = child(stack, "make")
    wait(lambda: status(f"{stack.public}/k/{made}") == 200, what="the link at the door")
    return made


def came(stack: Stack, code: str, language: str) -> list[int]:
    numbers: list[int] = child(stack, "told", code).get(language, [0, 0])
    return numbers


def switch(page: Page, language: str) -> Locator:
    """The link of the language switch, which is folded until it is tapped."""
    page.locator(".langs summary").click()
    return page.locator(f".langs a[hreflang={language}]")


def test_it_keeps_the_source_without_javascript(stack: Stack, plain_phone: Page, code: str) -> None:
    """As in an app's own browser: a link, the language switched twice, a slip in the form."""
    page, before = plain_phone, came(stack, code, "ar")
    page.goto(f"{stack.public}/k/{code}?fbclid=abc")
    assert page.url == f"{stack.public}{SIGN}?s={code}"
    for language, path in (("ar", SIGN_ARABIC), ("en", SIGN), ("ar", SIGN_ARABIC)):
        switch(page, language).click()
        page.wait_for_url(f"{stack.public}{path}?s={code}")
    fill(page, given="ليلى", family="حدّاد", email="layla@")
    send(page)
    page.locator("#summary").wait_for()
    fill(page, given="ليلى", family="حدّاد", email="layla@example.org")
    send(page)
    page.wait_for_url("**/ar/lantern-room/sign/thanks/**")
    wait(lambda: came(stack, code, "ar") == [before[0], before[1] + 1], what="her signature")
    assert page.context.cookies() == []


def test_it_keeps_the_source_with_javascript(stack: Stack, phone: Page, code: str) -> None:
    before = came(stack, code, "ar")
    phone.goto(f"{stack.public}/k/{code}")
    arabic = switch(phone, "ar")
    assert arabic.get_attribute("href") == f"{stack.public}{SIGN_ARABIC}?s={code}", "no detour"
    arabic.click()
    phone.wait_for_url(f"**{SIGN_ARABIC}?s={code}")
    fill(phone, given="Samir", family="Haddad", email="samir@example.org")
    send(phone)
    phone.wait_for_url("**/thanks/**")
    wait(lambda: came(stack, code, "ar")[1] == before[1] + 1, what="his signature")


def test_it_leads_each_to_their_language_and_counts_them(stack: Stack, code: str) -> None:
    before = {language: came(stack, code, language)[0] for language in ("ar", "en")}
    for _ in range(3):
        assert "ar" in fetch(f"{stack.public}/k/{code}", headers={"Accept-Language": "ar"})
    fetch(f"{stack.public}/k/{code}", headers={"User-Agent": "Twitterbot/1.0"})
    wait(lambda: came(stack, code, "ar")[0] == before["ar"] + 3, what="three visits")
    assert came(stack, code, "en")[0] == before["en"]
