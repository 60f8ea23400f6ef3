"""What people do, in words that stories can use."""

import json
import secrets
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.support.stack import Stack, fetch

FORM: Final = "application/x-www-form-urlencoded"

SIGN: Final = "/en/lantern-room/sign/"
SIGN_ARABIC: Final = "/ar/lantern-room/sign/"


def fill(page: Page, *, given: str, family: str, email: str) -> None:
    """Fill the form in, whatever its language, and tick what must be ticked."""
    page.fill("[name=given_name]", given)
    page.fill("[name=family_name]", family)
    page.fill("[name=email]", email)
    for box in page.locator("input[type=checkbox][required]").all():
        box.check()


def send(page: Page) -> None:
    page.locator("form[data-send] button").click()


def sign(page: Page, url: str, *, given: str, family: str, email: str) -> None:
    """Sign and arrive at the thank-you page."""
    page.goto(url)
    fill(page, given=given, family=family, email=email)
    send(page)
    page.wait_for_url("**/thanks/**")


def press_the_button(page: Page) -> None:
    """The one button of the pages that mails lead to."""
    page.locator("main form button").click()


def confirm(page: Page, stack: Stack, email: str) -> None:
    """Follow the link in the mail and press its button."""
    page.goto(stack.link(email, "/confirm/"))
    press_the_button(page)
    page.wait_for_url("**/confirmed/**")


def log_in(page: Page, stack: Stack) -> None:
    """The demo's organiser comes in."""
    page.goto(stack.studio)
    page.fill("[name=login]", "demo")
    page.fill("[name=password]", stack.password)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page).not_to_have_url("**/login/**")


def numbers(stack: Stack, path: str = SIGN) -> dict[str, Any]:
    """A page's published count."""
    return stack.count(stack.spec(path)["page"])


def sign_by_script(
    stack: Stack, *, email: str, country: str = "", source: str = "", given: str = "Sam"
) -> dict[str, Any]:
    """Sign over HTTP as a program would; the acknowledgement. Raises urllib's HTTPError."""
    spec = stack.spec(SIGN)
    record = {
        "page": spec["page"],
        "lang": spec["lang"],
        "key": secrets.token_hex(32),
        "source": source,
        "fields": {
            "given_name": given,
            "family_name": "Signer",
            "email": email,
            "country": country,
        },
    }
    url = f"{stack.public}/api/v1/submissions"
    answer = fetch(url, json.dumps(record).encode(), {"Content-Type": "application/json"})
    acknowledged: dict[str, Any] = json.loads(answer)
    return acknowledged


def confirm_by_script(stack: Stack, email: str) -> None:
    """Press the button of the mail's link, over HTTP."""
    fetch(stack.link(email, "/confirm/"), b"", {"Content-Type": FORM})
