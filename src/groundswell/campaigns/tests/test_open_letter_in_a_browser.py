"""Signing an open letter and reporting a name, in a real browser before a real public door."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Browser, expect

from groundswell.campaigns.tests.conftest import Visitor, open_page
from groundswell.intake.tests.site_factory import Intake, read_journal

LETTER = "/en/wall/letter/"


@pytest.mark.parametrize("script", [True, False])
def test_it_stores_which_text_was_signed(browser: Browser, door: Intake, script: bool) -> None:
    visitor = open_page(browser, door, java_script_enabled=script)
    visitor.goes_to(LETTER + "?s=mira")
    page = visitor.page
    email = f"letter{script}@example.org".lower()
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Ferrow")
    page.get_by_label("Your role or profession").fill("ferry pilot")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("My name may be shown.").check()
    page.locator("form > button").click()
    page.wait_for_url("**/thanks/**")
    [stored] = visitor.stored(email)
    assert stored.kind == "open_letter"
    assert stored.consents == {"text": "3", "display": "v1"}
    assert stored.fields["role"] == "ferry pilot"
    assert stored.source == "mira"
    assert visitor.complaints == []
    page.context.close()


def test_it_keeps_the_text_when_something_is_missing(browser: Browser, door: Intake) -> None:
    visitor = open_page(browser, door, java_script_enabled=False)
    visitor.goes_to(LETTER)
    visitor.page.locator("form > button").click()
    expect(visitor.page.locator(".summary")).to_be_visible()
    assert visitor.page.locator("[name=consent_text]").input_value() == "3"
    visitor.page.context.close()


def test_it_reports_the_name_beside_the_link(visitor: Visitor) -> None:
    visitor.goes_to(LETTER)
    visitor.page.get_by_role("link", name="Report the name").first.click()
    visitor.page.get_by_label("It insults or threatens somebody").check()
    visitor.page.get_by_label("Anything else we should know").fill("Look at it.")
    visitor.page.locator("form > button").click()
    visitor.page.wait_for_url("**/flag/done/**")
    [flag] = [one for one in read_journal(visitor.door.folder) if one.verb == "flag"]
    assert flag.fields == {"t": "640", "reason": "abuse", "note": "Look at it."}
    assert visitor.complaints == []


class _Paper(BaseHTTPRequestHandler):
    """Another site: whatever is asked for, it shows that page of ours in a frame."""

    ours = ""

    def do_GET(self) -> None:
        inner = f"{self.ours}{self.path}"
        body = f'<!doctype html><iframe src="{inner}" width="600" height="500"></iframe>'.encode()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a test's own words are enough."""


@pytest.fixture
def paper(door: Intake) -> Iterator[str]:
    _Paper.ours = f"http://127.0.0.1:{door.port}"
    with HTTPServer(("127.0.0.1", 0), _Paper) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_it_stands_in_a_frame_of_another_site(browser: Browser, door: Intake, paper: str) -> None:
    visitor = open_page(browser, door)
    visitor.page.goto(f"{paper}{LETTER}embed/")
    frame = visitor.page.frames[1]
    expect(frame.get_by_role("link", name="Read and sign")).to_be_visible()
    assert visitor.page.context.cookies() == []
    assert visitor.complaints == []
    # The control: no other page of ours may.
    visitor.page.goto(f"{paper}{LETTER}press/")
    assert "For the press" not in visitor.page.frames[1].content()
    visitor.page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["", "versions/2/", "names/2/", "press/", "flag/?t=7", "embed/"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_it_fits_each_screen(
    browser: Browser, door: Intake, lang: str, path: str, width: int
) -> None:
    visitor = open_page(browser, door, viewport={"width": width, "height": 740})
    visitor.goes_to(LETTER.replace("en", lang, 1) + path)
    wide = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    assert visitor.complaints == []
    visitor.page.context.close()
