"""`make pictures`: the README's screenshots, taken from a demo that people have just used."""

import shutil
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.journeys.people import SIGN, confirm_by_script, log_in, sign_by_script
from tests.support.chromium import chromium
from tests.support.stack import Stack, wait

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"
SOURCES: Final = ("", "whatsapp", "newsletter", "bluesky", "")
COUNTRIES: Final = ("GB", "GB", "IE", "FR", "EG", "LB", "DE")


def main() -> None:
    """Start a demo, let some people sign, and photograph it."""
    stack = Stack()
    try:
        stack.start()
        _sign(stack, 87)
        with chromium() as browser:
            _action_page(browser, stack)
            _studio(browser, stack)
    finally:
        stack.stop()
        shutil.rmtree(stack.folder, ignore_errors=True)


def _sign(stack: Stack, people: int) -> None:
    emails = [f"person{number}@example.org" for number in range(people)]
    for number, email in enumerate(emails):
        country = COUNTRIES[number % len(COUNTRIES)]
        source = SOURCES[number % len(SOURCES)]
        sign_by_script(stack, email=email, country=country, source=source)
    for email in emails[: people - 9]:
        confirm_by_script(stack, email)
    page = stack.spec(SIGN)["page"]
    wait(lambda: stack.count(page)["counted"] == people - 9, seconds=60, what="all counted")


def _action_page(browser: Browser, stack: Stack) -> None:
    desk = browser.new_page(viewport={"width": 1100, "height": 820})
    phone = browser.new_page(viewport={"width": 390, "height": 820})
    for page in (desk, phone):
        page.goto(stack.public + SIGN)
        page.wait_for_load_state("networkidle")
    _beside([desk, phone], FOLDER / "action-page.png")


def _studio(browser: Browser, stack: Stack) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    log_in(page, stack)
    page.wait_for_load_state("networkidle")
    _beside([page], FOLDER / "studio.png")


def _beside(pages: list[Page], path: Path) -> None:
    shots = [Image.open(BytesIO(page.screenshot())) for page in pages]
    gap = 24
    width = sum(shot.width for shot in shots) + gap * (len(shots) - 1)
    sheet = Image.new("RGBA", (width, max(shot.height for shot in shots)), (0, 0, 0, 0))
    left = 0
    for shot in shots:
        sheet.paste(shot, (left, 0))
        left += shot.width + gap
    # A palette keeps a picture of a page at a fifth of its size.
    sheet.quantize(256).save(path, optimize=True)


if __name__ == "__main__":
    main()
