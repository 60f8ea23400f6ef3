"""What every public page promises: small, well formed, nothing inline, slots for every field."""

import gzip
import itertools
import json
import os
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import brotli
import pytest

from groundswell.base import wire
from groundswell.campaigns import render
from groundswell.campaigns.render_pages import Page, Pages
from groundswell.campaigns.tests import sample_site

ACTION_BUDGET: Final = 14_000
SCRIPT_BUDGET: Final = 6_000
VOID: Final = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
GOLDEN: Final = Path(__file__).parent / "golden"

PAGES: Final = {page.path: page for page in sample_site.edition().pages}
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)


class Outline(HTMLParser):
    """Reads a page strictly: each element that must be closed is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.wrong.append(f"<{tag}> has an attribute twice")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> where something else is open")


def outline(html: str) -> Outline:
    reader = Outline()
    reader.feed(html)
    reader.close()
    return reader


def sign_page(lang: str = "en") -> Page:
    return PAGES[f"/{lang}/room/sign/"]


@pytest.mark.parametrize("lang", sample_site.LANGS)
def test_it_keeps_the_action_page_within_its_budget(lang: str) -> None:
    html = sign_page(lang).html.encode()
    assert len(brotli.compress(html, quality=10)) <= ACTION_BUDGET
    assert len(gzip.compress(html, 9)) <= ACTION_BUDGET


def test_it_keeps_the_script_within_its_budget() -> None:
    script = (render.ASSETS / "page.js").read_bytes()
    assert len(gzip.compress(script, 9)) <= SCRIPT_BUDGET


@every_page
def test_it_is_well_formed(page: Page) -> None:
    read = outline(page.html)
    assert not read.wrong
    assert not read.open
    ids = Counter(attrs["id"] for _, attrs in read.elements if "id" in attrs)
    assert [name for name, times in ids.items() if times > 1] == []


@every_page
def test_it_labels_each_control(page: Page) -> None:
    read = outline(page.html)
    labels = {attrs["for"] for tag, attrs in read.elements if tag == "label"}
    controls = [
        attrs
        for tag, attrs in read.elements
        if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden"
    ]
    assert {attrs["id"] for attrs in controls} <= labels


@every_page
def test_it_describes_controls_by_what_is_on_the_page(page: Page) -> None:
    read = outline(page.html)
    ids = {attrs["id"] for _, attrs in read.elements if "id" in attrs}
    described = {
        name
        for _, attrs in read.elements
        for attribute in ("aria-describedby", "aria-labelledby")
        for name in attrs.get(attribute, "").split()
    }
    assert described <= ids


@every_page
def test_it_has_nothing_inline_but_its_style(page: Page) -> None:
    read = outline(page.html)
    for tag, attrs in read.elements:
        assert "style" not in attrs, tag
        assert not [name for name in attrs if name.startswith("on")], tag
        for name in ("src", "srcset"):
            assert attrs.get(name, "/").startswith("/"), f"{tag} loads from elsewhere"
        if tag == "link" and attrs["rel"] not in {"canonical", "alternate"}:
            assert attrs["href"].startswith("/")
    reaches = page.path.removeprefix("/en/").removeprefix("/ar/") in {
        "quay/write/", "quay/call/", "quay/write/thanks/", "quay/call/thanks/",
    }  # fmt: skip
    letter = "/wall/letter/" in page.path and page.path.split("/")[4] in {
        "", "versions", "names", "flag", "press", "embed",
    }  # fmt: skip
    assert sum(tag == "style" for tag, _ in read.elements) == 1 + reaches + letter


@every_page
def test_it_blocks_rendering_for_nothing_else(page: Page) -> None:
    for tag, attrs in outline(page.html).elements:
        assert not (tag == "link" and attrs["rel"] == "stylesheet")
        if tag == "script" and attrs.get("type") != "application/ld+json":
            assert "defer" in attrs


def test_it_loads_the_picture_that_is_seen_first_at_once_and_no_other() -> None:
    pictures = [attrs for tag, attrs in outline(PAGES["/en/"].html).elements if tag == "img"]
    assert len(pictures) == 4
    assert pictures[0]["fetchpriority"] == "high"
    assert "loading" not in pictures[0]
    assert {one["loading"] for one in pictures[1:]} == {"lazy"}


@every_page
def test_it_has_one_heading_of_the_first_rank_and_skips_none(page: Page) -> None:
    ranks = [int(tag[1]) for tag, _ in outline(page.html).elements if re.fullmatch("h[1-6]", tag)]
    assert ranks.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(ranks))


@every_page
def test_it_leaves_no_slot_in_the_published_page(page: Page) -> None:
    assert render.slots(page.html) == []
    assert bool(render.slots(page.slotted)) == (page.spec is not None)


@pytest.mark.parametrize("lang", sample_site.LANGS)
def test_it_has_a_slot_for_whatever_a_visitor_may_get_wrong(lang: str) -> None:
    page = sign_page(lang)
    assert page.spec is not None
    slots = set(render.slots(page.slotted))
    for field in page.spec.fields:
        assert {f"error:{field.name}", f"invalid:{field.name}"} <= slots
        if field.type == "choice":
            assert {f"checked:{field.name}={choice}" for choice in field.choices} <= slots
        elif field.type == "check":
            assert f"checked:{field.name}" in slots
        elif field.type == "country":
            assert "selected:country=EG" in slots
        else:
            assert f"value:{field.name}" in slots
    for consent in page.spec.consents:
        name = f"consent_{consent.purpose}"
        assert {f"error:{name}", f"invalid:{name}", f"checked:{name}"} <= slots
    assert "summary" in slots


def test_it_ticks_no_box_beforehand() -> None:
    for tag, attrs in outline(sign_page().html).elements:
        assert not (tag == "input" and "checked" in attrs)


def test_it_posts_to_its_own_address_whatever_the_query() -> None:
    forms = [attrs for tag, attrs in outline(sign_page().html).elements if tag == "form"]
    assert [(form["method"], form.get("action")) for form in forms] == [("post", None)]


def test_it_chooses_the_country_the_organiser_chose() -> None:
    assert '<option value="GB" selected>' in sign_page().html


def test_it_takes_no_control_character_from_an_organiser_for_a_slot() -> None:
    assert render.plain("a\x02value:email\x03b") == "avalue:emailb"


def test_it_names_the_page_in_its_other_languages() -> None:
    links = {
        attrs["hreflang"]: attrs["href"]
        for tag, attrs in outline(sign_page("ar").html).elements
        if tag == "link" and attrs["rel"] == "alternate"
    }
    assert links == {
        "en": "http://localhost/en/room/sign/",
        "ar": "http://localhost/ar/room/sign/",
        "x-default": "http://localhost/en/room/sign/",
    }


def test_it_says_what_it_is_to_machines() -> None:
    found = re.search(r'<script type="application/ld\+json">(.+?)</script>', sign_page("ar").html)
    assert found
    data = json.loads(found[1])
    assert data["inLanguage"] == "ar"
    assert data["url"] == "http://localhost/ar/room/sign/"


def test_it_cannot_be_broken_out_of_by_a_title() -> None:
    evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    site = sample_site.site_view("en")
    campaign, action = sample_site.campaign_view("en"), sample_site.action_view("en")
    page = Pages(site).sign(replace(action, title=evil), replace(campaign, summary=evil))
    read = outline(page.html)
    assert not read.wrong
    assert sum(tag == "script" for tag, _ in read.elements) == 2
    assert not [attrs for _, attrs in read.elements if "onerror" in attrs]


@pytest.mark.parametrize("verb", ["sign", "confirm", "withdraw", "manage"])
def test_it_makes_the_spec_that_the_door_has_always_read(verb: str) -> None:
    [spec] = [
        page.spec
        for page in PAGES.values()
        if page.spec
        and (page.spec.verb, page.spec.lang) == (verb, "en")
        and page.path.startswith(("/en/room/", "/en/my-data/"))
    ]
    golden(f"spec-{verb}.json", wire.encode_spec(spec).decode() + "\n")


def test_it_makes_the_refill_page_that_the_door_has_always_filled() -> None:
    page = PAGES["/en/my-data/"]
    # Style and script change with the design; what intake fills must not.
    body = page.slotted[page.slotted.index("<main") : page.slotted.index("</main>")]
    golden("refill-my-data.html", body.replace("\x02", "{{").replace("\x03", "}}") + "\n")


def golden(name: str, text: str) -> None:
    file = GOLDEN / name
    if os.environ.get("RENEW_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), f"RENEW_GOLDEN=1 makes {name} anew"


@pytest.mark.parametrize("lang", sample_site.LANGS)
@pytest.mark.parametrize("path", ["quay/write/", "quay/call/", "wall/letter/"])
def test_it_keeps_letters_and_calls_small_too(path: str, lang: str) -> None:
    html = PAGES[f"/{lang}/{path}"].html.encode()
    assert len(brotli.compress(html, quality=10)) <= ACTION_BUDGET


@pytest.mark.parametrize("lang", sample_site.LANGS)
@pytest.mark.parametrize("path", ["quay/write/", "quay/call/"])
def test_it_has_a_slot_for_each_field_of_a_letter_and_a_call(path: str, lang: str) -> None:
    page = PAGES[f"/{lang}/{path}"]
    assert page.spec is not None
    slots = set(render.slots(page.slotted))
    for field in page.spec.fields:
        if not field.name.startswith("point_"):
            assert f"error:{field.name}" in slots
    assert "choices:division" in slots
    assert page.spec.messages["place:choose"]
