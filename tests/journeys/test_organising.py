"""The organiser's story: from an empty page to a public campaign, by hand."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.people import log_in
from tests.support.stack import Stack, status


def test_it_lets_in_nobody_without_a_password(stack: Stack, desk: Page) -> None:
    desk.goto(stack.studio)
    expect(desk).to_have_url(re.compile("/login/"))
    desk.fill("[name=login]", "demo")
    desk.fill("[name=password]", "not the password")
    desk.get_by_role("button", name="Log in").click()
    expect(desk).to_have_url(re.compile("/login/"))


def test_it_shows_the_campaign_on_the_first_page(stack: Stack, desk: Page) -> None:
    log_in(desk, stack)
    expect(desk.get_by_text("Keep the Lantern Room open in the evening").first).to_be_visible()
    assert status(stack.studio + "/pages/") in {200, 302}
