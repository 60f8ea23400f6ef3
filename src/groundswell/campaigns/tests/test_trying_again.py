"""A bad hour: the page's script waits as long as it is told, says so, and never sends twice."""

import re
from itertools import pairwise
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Dialog, Locator, expect

from groundswell.campaigns.tests.conftest import Visitor
from groundswell.campaigns.tests.moody_proxy import Mood, MoodyProxy, moody

SIGN = "/en/room/sign/"
THANKS = re.compile(r"/en/room/sign/thanks/$")
SAFE = "What you wrote is safe on this page"


def sign(visitor: Visitor, proxy: MoodyProxy, email: str) -> Locator:
    """Send the form through the proxy; the place where the script says what is going on."""
    visitor.page.goto(f"http://127.0.0.1:{proxy.port}{SIGN}")
    visitor.fills_in(email=email)
    visitor.presses_sign()
    return visitor.page.locator("form[data-send] [role=status]")


def keys(proxy: MoodyProxy) -> set[str]:
    return {parse_qs(body.decode())["key"][0] for _, body in proxy.sent}


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("busy", "Many people are here right now"),
        ("crowded", "Many people are signing from your network"),
        ("gateway", "We cannot reach the server"),
        ("cut", "We cannot reach the server"),
    ],
)
def test_it_says_what_is_the_matter_and_tries_again_with_the_same_key(
    visitor: Visitor, mood: Mood, words: str
) -> None:
    email = f"{mood}@example.org"
    with moody(visitor.door, mood, mood) as proxy:
        status = sign(visitor, proxy, email)
        expect(status).to_contain_text(words)
        expect(status).to_contain_text(SAFE)
        expect(visitor.page).to_have_url(THANKS, timeout=20_000)
        assert len(proxy.sent) == 3
        assert len(keys(proxy)) == 1
    assert len(visitor.stored(email)) == 1


def test_it_waits_at_least_as_long_as_it_is_told(visitor: Visitor) -> None:
    with moody(visitor.door, "busy", "crowded", retry_after=3) as proxy:
        sign(visitor, proxy, "told@example.org")
        expect(visitor.page).to_have_url(THANKS, timeout=20_000)
        waits = [later - sooner for (sooner, _), (later, _) in pairwise(proxy.sent)]
        assert len(waits) == 2
        assert all(3 <= wait < 7 for wait in waits)


def test_it_counts_once_when_only_the_answer_was_lost(visitor: Visitor) -> None:
    with moody(visitor.door, "cut after") as proxy:
        sign(visitor, proxy, "answer@example.org")
        expect(visitor.page).to_have_url(THANKS, timeout=20_000)
        assert len(proxy.sent) == 2
    assert len({record.id for record in visitor.stored("answer@example.org")}) == 1


def test_it_says_whose_fault_it_is_and_leaves_the_next_try_to_the_visitor(
    visitor: Visitor,
) -> None:
    with moody(visitor.door, "broken") as proxy:
        sign(visitor, proxy, "broken@example.org")
        expect(visitor.page.get_by_role("alert")).to_contain_text("The fault is ours.")
        visitor.presses_sign()
        expect(visitor.page).to_have_url(THANKS)
        assert len(proxy.sent) == 2
        assert len(keys(proxy)) == 1


def test_it_warns_of_leaving_only_while_something_is_unsent(visitor: Visitor) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page = visitor.page
    page.on("dialog", stay)
    with moody(visitor.door, "busy", retry_after=4) as proxy:
        status = sign(visitor, proxy, "leaving@example.org")
        expect(status).to_contain_text(SAFE)
        page.close(run_before_unload=True)
        page.wait_for_timeout(300)
        assert asked == ["beforeunload"]
        expect(page).to_have_url(THANKS, timeout=20_000)
        page.goto(f"http://127.0.0.1:{proxy.port}/en/")
    assert asked == ["beforeunload"]
    assert len(visitor.stored("leaving@example.org")) == 1
