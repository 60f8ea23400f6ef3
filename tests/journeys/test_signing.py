"""Supporters' stories: signing, confirming, changing one's mind."""

from playwright.sync_api import Page, expect

from tests.journeys.people import (
    SIGN,
    SIGN_ARABIC,
    confirm,
    fill,
    numbers,
    press_the_button,
    send,
    sign,
)
from tests.support.stack import Stack, fetch, wait


def test_it_lets_suzie_sign_on_her_phone_and_see_the_number_move(
    stack: Stack, phone: Page, desk: Page
) -> None:
    before = numbers(stack)["counted"]
    desk.goto(stack.public + SIGN)
    sign(phone, stack.public + SIGN, given="Suzie", family="Marlowe", email="suzie@example.org")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    mail = stack.mail("suzie@example.org")
    assert "Suzie" in mail["text"]
    assert mail["html"]
    confirm(phone, stack, "suzie@example.org")
    wait(lambda: numbers(stack)["counted"] == before + 1, what="the published count")
    # The page on the desk has been open all the time and is not reloaded.
    expect(desk.locator("[data-count]").first).to_have_text(str(before + 1), timeout=30_000)


def test_it_confirms_nothing_when_a_mail_scanner_opens_the_link(stack: Stack, phone: Page) -> None:
    sign(phone, stack.public + SIGN, given="Ines", family="Roth", email="ines@example.org")
    link = stack.link("ines@example.org", "/confirm/")
    before = numbers(stack)
    for _ in range(5):
        fetch(link)
    wait(lambda: numbers(stack)["collected"] >= before["collected"], what="a count")
    phone.wait_for_timeout(3000)
    assert numbers(stack)["counted"] == before["counted"]
    confirm(phone, stack, "ines@example.org")
    wait(lambda: numbers(stack)["counted"] == before["counted"] + 1, what="Ines counted")


def test_it_lets_karim_sign_in_arabic_without_javascript(stack: Stack, plain_phone: Page) -> None:
    page, before = plain_phone, numbers(stack)["counted"]
    page.goto(stack.public + SIGN_ARABIC)
    assert page.locator("html").get_attribute("dir") == "rtl"
    fill(page, given="كريم", family="", email="karim@")
    send(page)
    # The same page again: what he wrote is kept, what is wrong is named at its field.
    expect(page.locator("#summary")).to_be_visible()
    assert page.input_value("[name=given_name]") == "كريم"
    assert page.input_value("[name=email]") == "karim@"
    for field in ("family_name", "email"):
        expect(page.locator(f"#error-{field}")).to_be_visible()
        assert page.locator(f"#f-{field}").get_attribute("aria-invalid") == "true"
        described = page.locator(f"#f-{field}").get_attribute("aria-describedby") or ""
        assert f"error-{field}" in described.split()
    expect(page.locator("#error-given_name")).to_be_empty()
    fill(page, given="كريم", family="حدّاد", email="karim@example.org")
    send(page)
    page.wait_for_url("**/ar/lantern-room/sign/thanks/**")
    mail = stack.mail("karim@example.org")
    assert "كريم" in mail["text"]
    assert 'dir="rtl"' in mail["html"]
    confirm(page, stack, "karim@example.org")
    assert "/ar/" in page.url
    wait(lambda: numbers(stack)["counted"] == before + 1, what="Karim counted")


def test_it_withdraws_what_somebody_else_signed_with_my_address(stack: Stack, phone: Page) -> None:
    sign(phone, stack.public + SIGN, given="A", family="Stranger", email="owner@example.org")
    phone.goto(stack.link("owner@example.org", "/withdraw/"))
    press_the_button(phone)
    phone.wait_for_url("**/withdrawn/**")
    before = numbers(stack)["counted"]
    # A confirmation that comes after that changes nothing.
    confirm(phone, stack, "owner@example.org")
    phone.wait_for_timeout(3000)
    assert numbers(stack)["counted"] == before


def test_it_erases_me_when_i_ask(stack: Stack, phone: Page) -> None:
    before = numbers(stack)["counted"]
    sign(phone, stack.public + SIGN, given="Gone", family="Tomorrow", email="gone@example.org")
    confirm(phone, stack, "gone@example.org")
    wait(lambda: numbers(stack)["counted"] == before + 1, what="one more")
    phone.goto(stack.link("gone@example.org", "/my-data/"))
    phone.get_by_label("Erase my data").check()
    press_the_button(phone)
    phone.wait_for_url("**/my-data/done/**")
    wait(lambda: numbers(stack)["counted"] == before, what="one less")


def test_it_counts_one_person_once(stack: Stack, phone: Page) -> None:
    before = numbers(stack)
    first, second = "twin@gmail.com", "t.w.i.n+again@googlemail.com"
    sign(phone, stack.public + SIGN, given="Twin", family="One", email=first)
    confirm(phone, stack, first)
    wait(lambda: numbers(stack)["counted"] == before["counted"] + 1, what="one more")
    sign(phone, stack.public + SIGN, given="Twin", family="One", email=second)
    assert "You have signed this already" in stack.mail(second)["text"]
    wait(lambda: numbers(stack)["collected"] == before["collected"] + 2, what="two sent")
    assert numbers(stack)["counted"] == before["counted"] + 1


def test_it_answers_a_forged_link_like_any_other(stack: Stack, phone: Page) -> None:
    before = numbers(stack)["counted"]
    phone.goto(f"{stack.public}{SIGN}confirm/?t={'A' * 43}")
    press_the_button(phone)
    phone.wait_for_url("**/confirmed/**")
    phone.wait_for_timeout(3000)
    assert numbers(stack)["counted"] == before


def test_it_says_in_plain_words_that_there_is_nothing(stack: Stack, phone: Page) -> None:
    answer = phone.goto(stack.public + "/en/nothing-here/")
    assert answer is not None
    assert answer.status == 404
    assert phone.locator("html").get_attribute("lang") == "en"
    expect(phone.locator("h1")).to_be_visible()
