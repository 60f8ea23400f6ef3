"""A real door that has more to store than it can: what a visitor sees, and that nothing is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from groundswell.base import keyring
from groundswell.campaigns.tests import sample_site
from groundswell.campaigns.tests.conftest import Visitor, open_page
from groundswell.intake.tests.site_factory import Intake
from groundswell.intake.tests.slow_disk import crowded

SIGN = "/en/room/sign/"
THANKS = re.compile(r"/en/room/sign/thanks/$")
CROWD = {"given_name": "Ada", "family_name": "Ferrow", "q_day": "sat", "consent_hand": "v1"}


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[tuple[Intake, Path]]:
    """A door where the disk holds everybody up, and the file that makes it do so."""
    keyring.init(tmp_path / "keys")
    sample_site.publish(tmp_path / "site")
    with crowded(tmp_path, path=SIGN, values=CROWD) as (door, hold, _):
        yield door, hold


def test_it_tells_the_visitor_and_sends_again_by_itself(
    browser: Browser, crowd: tuple[Intake, Path]
) -> None:
    door, hold = crowd
    visitor = open_page(browser, door)
    visitor.goes_to(SIGN)
    visitor.fills_in(email="late@example.org")
    visitor.presses_sign()
    status = visitor.page.locator("form[data-send] [role=status]")
    expect(status).to_contain_text("Many people are here right now", timeout=20_000)
    expect(status).to_contain_text("What you wrote is safe on this page")
    hold.unlink()
    expect(visitor.page).to_have_url(THANKS, timeout=30_000)
    assert len(visitor.stored("late@example.org")) == 1
    visitor.page.context.close()


def test_it_loses_nothing_without_a_script(browser: Browser, crowd: tuple[Intake, Path]) -> None:
    door, hold = crowd
    visitor = Visitor(browser.new_context(java_script_enabled=False).new_page(), door)
    visitor.goes_to(SIGN)
    visitor.fills_in(email="plain@example.org")
    visitor.presses_sign()
    expect(visitor.page.get_by_text("nothing is lost")).to_be_visible(timeout=20_000)
    assert not visitor.stored("plain@example.org")
    hold.unlink()
    visitor.page.go_back()
    expect(visitor.page.get_by_label("E-mail")).to_have_value("plain@example.org")
    visitor.presses_sign()
    expect(visitor.page).to_have_url(THANKS, timeout=30_000)
    assert len(visitor.stored("plain@example.org")) == 1
    visitor.page.context.close()
