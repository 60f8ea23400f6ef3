"""Every page type in a real browser: nothing for axe, nothing for the policy, nothing cut off."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from groundswell.campaigns.render_tags import number, plural_category
from groundswell.campaigns.tests.conftest import Visitor, open_page
from groundswell.campaigns.tests.sample_site import LANGS, PATHS
from groundswell.intake.tests.site_factory import Intake

Scheme = Literal["light", "dark"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(params=["light", "dark"])
def looker(request: pytest.FixtureRequest, browser: Browser, door: Intake) -> Iterator[Visitor]:
    scheme: Scheme = request.param
    one = open_page(browser, door, color_scheme=scheme, viewport={"width": 360, "height": 740})
    yield one
    one.page.context.close()


@pytest.mark.parametrize("lang", LANGS)
def test_it_gives_axe_nothing_to_find(looker: Visitor, lang: str) -> None:
    found = []
    for name, path in PATHS.items():
        looker.goes_to(path.format(lang=lang))
        options = {"runOnly": {"type": "tag", "values": RULES}}
        for violation in Axe().run(looker.page, options=options).response["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"]]
            found.append((name, violation["id"], nodes))
    assert found == []


def test_it_breaks_no_rule_of_its_own_policy(visitor: Visitor) -> None:
    for path in PATHS.values():
        visitor.goes_to(path.format(lang="en"))
    assert visitor.complaints == []


def test_it_would_tell_if_the_policy_were_broken(visitor: Visitor) -> None:
    visitor.goes_to("/en/room/sign/")
    visitor.page.evaluate("document.body.setAttribute('style', 'color: red')")
    assert any("Content Security Policy" in text for text in visitor.complaints)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_it_never_scrolls_sideways(visitor: Visitor, lang: str, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 740})
    for name, path in PATHS.items():
        visitor.goes_to(path.format(lang=lang))
        wider = visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, name


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (360, 780)])
def test_it_never_scrolls_inside_a_page(visitor: Visitor, lang: str, size: tuple[int, int]) -> None:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    for name, path in PATHS.items():
        if name == "frame":  # another site chose its height, and the button must stay in sight
            continue
        visitor.goes_to(path.format(lang=lang))
        inner = visitor.page.evaluate(
            """() => [...document.querySelectorAll("main *:not(textarea, select)")]
            .filter((one) => one.scrollHeight > one.clientHeight + 1)
            .filter((one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowY))
            .map((one) => one.outerHTML.slice(0, 90))"""
        )
        assert inner == [], name


def test_it_offers_the_form_again_once_it_is_out_of_view(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 1280, "height": 500})
    visitor.goes_to("/en/room/sign/")
    again, form = visitor.page.locator(".rail a"), visitor.page.locator(".sign form")
    expect(again).not_to_be_in_viewport()
    form.locator("button").scroll_into_view_if_needed()
    expect(again).not_to_be_in_viewport()
    visitor.page.get_by_role("heading", name="Together with").scroll_into_view_if_needed()
    expect(form).not_to_be_in_viewport()
    expect(again).to_be_in_viewport(ratio=1)
    again.click()
    expect(form).to_be_in_viewport()
    expect(visitor.page.locator("#sign")).to_be_focused()


def test_it_leads_to_the_form_on_a_phone_until_it_is_there(visitor: Visitor) -> None:
    visitor.goes_to("/en/room/sign/")
    bar = visitor.page.locator(".cta:visible")
    expect(bar.first).to_be_in_viewport()
    visitor.page.locator(".sign form button").scroll_into_view_if_needed()
    expect(bar).to_have_count(0)
    visitor.page.get_by_role("heading", name="Together with").scroll_into_view_if_needed()
    expect(bar.last).to_be_in_viewport()


def test_it_reads_from_the_right_in_arabic(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    visitor.goes_to("/ar/room/sign/")
    form, title = visitor.page.locator(".sign"), visitor.page.locator("h1")
    form_box, title_box = form.bounding_box(), title.bounding_box()
    assert form_box
    assert title_box
    assert form_box["x"] < title_box["x"]


def test_it_keeps_targets_large_enough_for_a_thumb(visitor: Visitor) -> None:
    for path in PATHS.values():
        visitor.goes_to(path.format(lang="en"))
        small = visitor.page.evaluate(
            """() => [...document.querySelectorAll("main :is(a, button, input), nav a, .foot a")]
            .filter((one) => one.checkVisibility() && !one.closest(".hp, p.small, dd, p.note"))
            .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
            .filter(([html, box]) => Math.min(box.width, box.height) < 24)
            .map(([html]) => html)"""
        )
        assert small == [], path


@pytest.mark.parametrize("lang", ["en", "ar", "fr", "es", "de"])
def test_it_writes_numbers_as_the_browser_does(visitor: Visitor, lang: str) -> None:
    visitor.goes_to("/en/")
    for value in (0, 1, 2, 7, 21, 999, 1000, 1347, 12_345, 1_000_000, 1_234_567):
        shown, category = visitor.page.evaluate(
            """([lang, value]) => [
                new Intl.NumberFormat(lang, { useGrouping: "always" }).format(value),
                new Intl.PluralRules(lang).select(value),
            ]""",
            [lang, value],
        )
        assert number(value, lang) == shown
        assert plural_category(value, lang) == category
