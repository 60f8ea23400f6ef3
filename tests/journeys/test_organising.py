"""The organiser's story: from an empty page to a public campaign, by hand."""

import re
import time

from playwright.sync_api import Page, expect

from tests.journeys.people import confirm, log_in, sign
from tests.support.stack import Stack, status, wait


def publish(page: Page, *, then: str) -> float:
    """Press Publish in the editor; the moment it was done and the next heading stood there."""
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text(then).first).to_be_visible(timeout=15_000)
    return time.monotonic()


def visible_after(url: str, since: float) -> float:
    """Seconds from `since` until the public page is there."""
    wait(lambda: status(url) == 200, seconds=10, what=url)
    return time.monotonic() - since


def test_it_lets_in_nobody_without_a_password(stack: Stack, desk: Page) -> None:
    desk.goto(stack.studio)
    expect(desk).to_have_url(re.compile("/login/"))
    desk.fill("[name=login]", "demo")
    desk.fill("[name=password]", "not the password")
    desk.get_by_role("button", name="Log in", exact=True).click()
    expect(desk).to_have_url(re.compile("/login/"))
    expect(desk.locator("main")).to_contain_text("not correct")


def add_campaign(desk: Page) -> None:
    """Fill a new campaign in, below the home of the main language, as far as the Publish button."""
    desk.get_by_role("link", name="Campaigns", exact=True).click()
    desk.get_by_role("link", name="New campaign").click()
    desk.fill("[name=title]", "Mend the ferry steps")
    desk.fill("[name=summary]", "The steps to the ferry have been closed since spring.")
    desk.fill("[name=demands-0-text]", "Mend the steps before winter.")
    desk.fill("[name=demands-0-addressee]", "The harbour office")
    desk.fill("[name=goal]", "100")


def add_action(desk: Page) -> None:
    """Choose a petition and fill it in: the studio came to the choice by itself."""
    desk.get_by_role("link", name="Petition . People").click()
    desk.fill("[name=title]", "Sign for the steps")
    desk.locator("[contenteditable=true]").first.click()
    desk.keyboard.type("We ask the harbour office to mend the ferry steps before winter.")
    # The editor hands its text to the form a moment after the last key.
    expect(desk.locator("[name=text]")).to_have_value(re.compile("before winter"))


def test_it_brings_a_new_campaign_to_the_public_by_hand(
    stack: Stack, desk: Page, phone: Page
) -> None:
    log_in(desk, stack)
    add_campaign(desk)
    done = publish(desk, then="Next: what people can do.")
    campaign = f"{stack.public}/en/mend-the-ferry-steps/"
    assert visible_after(campaign, done) <= 2
    add_action(desk)
    done = publish(desk, then="It is public")
    action = f"{campaign}sign-for-the-steps/"
    expect(desk.get_by_label("Public link")).to_have_value(action)
    assert visible_after(action, done) <= 2

    sign(phone, action, given="Mira", family="Ferry", email="mira@example.org")
    confirm(phone, stack, "mira@example.org")
    page = stack.spec("/en/mend-the-ferry-steps/sign-for-the-steps/")["page"]
    wait(lambda: stack.count(page)["counted"] == 1, seconds=10, what="Mira counted")
    desk.goto(stack.studio)
    expect(desk.get_by_role("link", name="Sign for the steps")).to_be_visible()
    desk.get_by_role("link", name="Supporters", exact=True).first.click()
    expect(desk.get_by_text("Mira").first).to_be_visible()
