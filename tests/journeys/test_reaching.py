"""Letters and calls: from the form to the office's mailbox, and back to whoever wrote."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import confirm, fill, log_in, press_the_button, send
from tests.support.stack import Stack, status, wait

WRITE: Final = "/en/lantern-room/write/"
WRITE_ARABIC: Final = "/ar/lantern-room/write/"
CALL: Final = "/en/lantern-room/call/"
CONGRESS: Final = "/en/lantern-room/congress/"
COUNCILLORS: Final = ("a.bellamy", "r.castor", "n.okoro")


def office(name: str) -> str:
    return f"{name}@council.aldermere.example"


def from_sender(stack: Stack, name: str, sender: str) -> dict[str, Any] | None:
    """The letter that a councillor got from somebody."""
    return next((mail for mail in stack.mails(office(name)) if sender in mail["text"]), None)


def wait_for_letter(stack: Stack, name: str, sender: str) -> dict[str, Any]:
    return wait(lambda: from_sender(stack, name, sender), seconds=40, what=f"a letter to {name}")


def wait_for_mail(stack: Stack, to: str, words: str, *, seconds: float = 120) -> dict[str, Any]:
    return wait(
        lambda: next((mail for mail in stack.mails(to) if words in mail["subject"]), None),
        seconds=seconds,
        what=f"“{words}” to {to}",
    )


def test_it_takes_marias_letter_to_the_councillors_and_sends_her_the_copy(
    stack: Stack, phone: Page, desk: Page
) -> None:
    phone.goto(stack.public + WRITE)
    fill(phone, given="Maria", family="Quill", email="maria@example.org")
    body = phone.locator("textarea[name=body]")
    text = body.input_value()
    assert "{salutation}" in text
    body.fill(text.replace("You decide", "I moor my boat there. You decide"))
    phone.locator("[name=copy]").check()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    send(phone)
    phone.wait_for_url("**/thanks/**")
    asked = stack.mail("maria@example.org")
    assert "Please confirm your letter" in asked["subject"]
    assert from_sender(stack, "a.bellamy", "Maria Quill") is None
    confirm(phone, stack, "maria@example.org")
    for name in COUNCILLORS:
        letter = wait_for_letter(stack, name, "Maria Quill")
        assert letter["text"].startswith("Dear Councillor ")
        assert "I moor my boat there. You decide" in letter["text"]
        assert "{" not in letter["text"]
    # The harbour office has a form of its own: that one only she can send, and she is told.
    left = wait_for_mail(stack, "maria@example.org", "What is left to do")
    assert "https://harbour.aldermere.example/write-to-us" in left["text"]
    assert "a ferry at a quarter past" in left["text"]
    link = re.search(r"https?://\S*/report/\S*", left["text"])
    assert link
    phone.goto(link[0])
    press_the_button(phone)
    phone.wait_for_url("**/reported/**")
    copy = wait_for_mail(stack, "maria@example.org", "A copy of your letter")
    assert "I moor my boat there." in copy["text"]
    assert copy["text"].count("Dear Councillor") == 3
    shows_in_the_report(stack, desk)


def shows_in_the_report(stack: Stack, desk: Page) -> None:
    """The organiser sees what became of each letter."""
    log_in(desk, stack)
    desk.goto(f"{stack.studio}/delivery/{UUID(hex=stack.spec(WRITE)['page'])}/")
    for name in ("Bellamy", "Castor", "Okoro", "Harbour Office"):
        expect(desk.locator("main")).to_contain_text(name)


def test_it_takes_samirs_letter_in_arabic_without_javascript(
    stack: Stack, plain_phone: Page
) -> None:
    page = plain_phone
    page.goto(stack.public + WRITE_ARABIC)
    fill(page, given="سمير", family="حدّاد", email="samir@example.org")
    send(page)
    page.wait_for_url("**/ar/lantern-room/write/thanks/**")
    confirm(page, stack, "samir@example.org")
    letter = wait_for_letter(stack, "n.okoro", "سمير حدّاد")
    assert "قاعة الفانوس" in letter["text"]


def test_it_writes_nothing_for_whom_takes_it_back_in_time(stack: Stack, phone: Page) -> None:
    phone.goto(stack.public + WRITE)
    fill(phone, given="Nobody", family="Really", email="back@example.org")
    send(phone)
    phone.wait_for_url("**/thanks/**")
    phone.goto(stack.link("back@example.org", "/withdraw/"))
    press_the_button(phone)
    phone.wait_for_url("**/withdrawn/**")
    confirm(phone, stack, "back@example.org")
    phone.wait_for_timeout(4000)
    assert from_sender(stack, "a.bellamy", "Nobody Really") is None


def collected(stack: Stack) -> int:
    number: int = stack.count(stack.spec(CALL)["page"])["collected"]
    return number


def test_it_counts_a_call_without_javascript(stack: Stack, plain_phone: Page) -> None:
    page = plain_phone
    before = collected(stack)
    page.goto(stack.public + CALL)
    assert page.locator("a[href^='tel:']").count() > 0
    page.locator("[name=target]").first.check()
    page.locator("[name=outcome][value=voicemail]").check()
    send(page)
    page.wait_for_url("**/thanks/**")
    wait(lambda: collected(stack) == before + 1, what="one call more")


def test_it_leads_a_caller_with_javascript_from_one_to_the_next(stack: Stack, phone: Page) -> None:
    before = collected(stack)
    phone.goto(stack.public + CALL)
    phone.locator("[data-call] a[href^='tel:']").first.wait_for()
    phone.locator(
        "[data-call] button[value=reached], [data-call] [data-outcome=reached]"
    ).first.click()
    wait(lambda: collected(stack) == before + 1, what="one call more")


# Who represents a ZIP code ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def congress(stack: Stack) -> Stack:
    """The demo with a letter to one's own members of Congress, and who represents whom."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "reach_child.py")],
        env=stack.environ, cwd=stack.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "published" in done.stdout, done.stderr
    wait(lambda: status(f"{stack.public}/lookup/us/index.json") == 200, seconds=90, what="a lookup")
    wait(lambda: status(stack.public + CONGRESS) == 200, seconds=30, what="the page")
    return stack


def fill_for_congress(page: Page, *, given: str, email: str, zip_code: str, state: str) -> None:
    fill(page, given=given, family="Voter", email=email)
    page.select_option("[name=prefix]", "Ms.")
    page.fill("[name=street]", "12 Example Street")
    page.fill("[name=city]", "Sampletown")
    page.select_option("[name=region]", state)
    page.fill("[name=postcode]", zip_code)


def left_to_do(stack: Stack, page: Page, email: str) -> str:
    """Confirm, and what the mail says that is left: Congress takes letters by its own forms."""
    page.wait_for_url("**/thanks/**")
    confirm(page, stack, email)
    text: str = wait_for_mail(stack, email, "What is left to do")["text"]
    return text


def test_it_finds_the_three_for_a_zip_code_that_is_certain(
    congress: Stack, plain_phone: Page
) -> None:
    page = plain_phone
    page.goto(congress.public + CONGRESS)
    fill_for_congress(page, given="Sol", email="sol@example.org", zip_code="94110", state="CA")
    send(page)
    text = left_to_do(congress, page, "sol@example.org")
    assert text.count("please visit a reading room.") == 3
    assert text.count("Dear Senator") == 2


def test_it_lets_who_lives_in_a_split_zip_code_choose(congress: Stack, plain_phone: Page) -> None:
    page = plain_phone
    page.goto(congress.public + CONGRESS)
    fill_for_congress(page, given="Ida", email="ida@example.org", zip_code="85719", state="AZ")
    send(page)
    expect(page.locator("#summary")).to_be_visible()
    choices = page.locator("input[type=radio][name=division]")
    assert [choices.nth(n).get_attribute("value") for n in range(choices.count())] == [
        "ocd-division/country:us/state:az/cd:6",
        "ocd-division/country:us/state:az/cd:7",
    ]
    assert page.input_value("[name=street]") == "12 Example Street"
    choices.nth(1).check()
    send(page)
    text = left_to_do(congress, page, "ida@example.org")
    assert text.count("please visit a reading room.") == 3


def test_it_asks_for_the_state_when_nobody_knows_the_zip_code(
    congress: Stack, plain_phone: Page
) -> None:
    page = plain_phone
    page.goto(congress.public + CONGRESS)
    # A ZIP code of post-office boxes: it lies nowhere on a map.
    fill_for_congress(page, given="Po", email="po@example.org", zip_code="73301", state="TX")
    send(page)
    expect(page.locator("#summary")).to_be_visible()
    choose_in_page(page, "ocd-division/country:us/state:tx")
    send(page)
    expect(page.locator("#summary")).to_be_visible()
    choose_in_page(page, "ocd-division/country:us/state:tx/cd:37")
    send(page)
    text = left_to_do(congress, page, "po@example.org")
    assert text.count("Dear Senator") == 2


def choose_in_page(page: Page, value: str) -> None:
    """Choose a state or a district, as a list or as buttons."""
    radio = page.locator(f"input[type=radio][name=division][value='{value}']")
    if radio.count():
        radio.check()
    else:
        page.select_option("select[name=division]", value)


def test_it_finds_puerto_ricos_one_voice(congress: Stack, phone: Page) -> None:
    phone.goto(congress.public + CONGRESS)
    fill_for_congress(phone, given="Ana", email="ana@example.org", zip_code="00901", state="PR")
    phone.locator("[name=postcode]").blur()
    expect(phone.locator("[data-people]")).to_contain_text("Resident Commissioner", timeout=15_000)
    send(phone)
    text = left_to_do(congress, phone, "ana@example.org")
    assert text.count("please visit a reading room.") == 1
    assert "Senator" not in text
