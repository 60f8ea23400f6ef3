"""Texts in a real browser: the count follows the fingers, and two organisers lose no word."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from groundswell.campaigns.models import Campaign
from groundswell.messengers import services as roster
from groundswell.messengers import services_claims, services_links
from groundswell.messengers import services_statements as services
from groundswell.messengers.models import Claim, Messenger, Side, Statement
from groundswell.messengers.services_claims import Reference
from groundswell.messengers.services_statements import NO_TIMES, Content, Times
from groundswell.messengers.tests import people
from groundswell.studio import roles
from groundswell.studio.directory.tests.test_in_chromium import OUT_OF_CARD, TOO_WIDE
from groundswell.studio.home.tests import desk
from tests.support.chromium import chromium

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Donaudampfschifffahrtsgesellschaft" * 3
ENGLISH = (
    "The Arla lost 40% of its fish in ten years. It can live again: please sign {link}"
    " #SaveTheArla @riverkeepers"
)
ARABIC = "نهرنا بحاجة إليكم: فقد ٤٠٪ من أسماكه. وقّعوا هنا {link} #نهر"


@pytest.fixture(autouse=True)
def _a_browser_beside_django(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright runs an event loop in this thread; Django would take our queries for async ones.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def running(live_server: LiveServer) -> Iterator[Browser]:
    desk.furnish()
    with chromium() as browser:
        yield browser


def opened(browser: Browser, live: LiveServer, *, name: str = "bob", script: bool = True) -> Page:
    session = desk.client_of(roles.CAMPAIGNERS, name=name).cookies["studio_session"].value
    context = browser.new_context(base_url=live.url, java_script_enabled=script)
    context.add_cookies([{"name": "studio_session", "value": session, "url": live.url}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def scene() -> tuple[Campaign, Messenger]:
    """A campaign with a page and a messenger."""
    campaign = desk.make_campaign("Save the Arla")
    desk.make_page(campaign, title="Sign for the river")
    mira = people.messenger()
    roster.involve(messengers=[mira], campaign_key=campaign.translation_key, by="bob")
    return campaign, mira


def text(campaign: Campaign, words: str, **where: Any) -> Statement:
    full = {"network": "x", "language": "en", "times": NO_TIMES, **where}
    content = Content(text=words, link_id=full.pop("link_id", None), disclosure=full.pop("ad", ""))
    return services.create(campaign_key=campaign.translation_key, by="bob", content=content, **full)


def talk(one: Statement, mira: Messenger) -> None:
    """What both sides said below a text."""
    say = services.comment
    say(
        key=one.key,
        text="Can we say “ten years”?",
        side=Side.THEM,
        who="Ilo Vance",
        messenger_id=mira.pk,
    )
    say(key=one.key, text="Yes, the count says so.", side=Side.US, who="bob")
    say(
        key=one.key,
        text="Ask the institute again on Monday.",
        side=Side.US,
        who="bob",
        ours_alone=True,
    )


def full_desk() -> tuple[Campaign, list[str]]:
    """Texts in every state, with long words and another direction; a page of each sort."""
    campaign, mira = scene()
    key = campaign.translation_key
    made = services_links.make_links(
        campaign_key=key, page_key=key, messengers=[mira], networks=["x", "instagram"],
        languages=["en"], by="bob",
    )  # fmt: skip
    link = made.fresh[0].pk
    when = Times(datetime(2027, 3, 8, 14, 30, tzinfo=UTC), datetime(2027, 3, 8, 14, tzinfo=UTC))
    one = text(
        campaign, ENGLISH, messenger_id=mira.pk, link_id=link, times=when, ad="Unpaid partnership"
    )
    claim = Claim.objects.get(version__statement=one)
    source = services_claims.add_source(
        campaign_key=key, by="bob",
        reference=Reference("Fish of the Arla, a count of ten years", "Institute of Rivers", "https://example.org/fish"),
    )  # fmt: skip
    services_claims.settle(claim_id=claim.pk, source_id=source.pk, by="bob")
    services.approve(key=one.key, version=1, by="bob")
    services.approve_theirs(key=one.key, version=1, messenger_id=mira.pk, who="Ilo Vance")
    talk(one, mira)
    two = text(campaign, ARABIC, network="instagram", language="ar", messenger_id=mira.pk)
    services.save(
        key=two.key, edit=0, times=NO_TIMES, by="alice",
        content=Content(ARABIC.replace("٤٠٪", "نصف") + " " + LONG),
    )  # fmt: skip
    here = f"/messengers/{key}/texts/"
    return campaign, [
        here, f"{here}{one.key}/", f"{here}{one.key}/edit/", f"{here}{two.key}/",
        f"{here}{two.key}/edit/", f"{here}{two.key}/versions/", f"{here}{one.key}/language/",
        f"{here}many/?from={one.key}", f"{here}sources/", f"{here}sources/{source.pk}/",
        f"{here}new/",
    ]  # fmt: skip


def test_it_counts_while_a_text_is_typed(running: Browser, live_server: LiveServer) -> None:
    campaign, mira = scene()
    page = opened(running, live_server)
    page.goto(
        f"/messengers/{campaign.translation_key}/texts/new/?network=x&messenger={mira.key.hex}"
    )
    page.fill("[name=text]", "It lost 40% of its fish. Sign {link} 👩‍👧‍👦")
    expect(page.locator("[data-length]")).to_have_text("56")
    expect(page.locator(".gw-claims__open")).to_have_count(1)
    page.fill("[name=disclosure]", "Ad")
    expect(page.locator("[data-length]")).to_have_text("59")
    page.select_option("[name=network]", "bluesky")
    expect(page.locator("[data-look]")).to_contain_text("of 300")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("button:has-text('Save')")
    expect(page.locator("#claims")).to_contain_text("It cannot be approved")
    assert Statement.objects.get().network == "bluesky"


@pytest.mark.parametrize("script", [True, False])
def test_it_takes_a_text_from_nothing_to_approved(
    running: Browser, live_server: LiveServer, script: bool
) -> None:
    campaign, mira = scene()
    page = opened(running, live_server, script=script)
    page.goto(f"/messengers/{campaign.translation_key}/texts/")
    page.click("text=X · English")
    page.fill("[name=text]", "It lost 40% of its fish. Sign {link}")
    page.select_option("[name=link]", label="A new link to “Sign for the river”")
    page.click("button:text-is('Save')")
    page.fill("[name=why]", "She counted them herself")
    page.click("button:text-is('Waive')")
    page.click("button:has-text('Approve version 1')")
    expect(page.locator("#approval")).to_contain_text("bob")
    one = Statement.objects.get()
    assert one.messenger == mira
    assert one.link


def test_it_keeps_the_words_of_both_who_edit_at_once(
    running: Browser, live_server: LiveServer
) -> None:
    campaign, _mira = scene()
    one = text(campaign, "The first words.")
    address = f"/messengers/{campaign.translation_key}/texts/{one.key}/edit/"
    bob, ana = opened(running, live_server), opened(running, live_server, name="ana")
    for page in (bob, ana):
        page.goto(address)
    ana.fill("[name=text]", "What Ana wrote.")
    ana.click("button:text-is('Save')")
    expect(ana.locator(".gw-post__text")).to_have_text("What Ana wrote.")
    bob.fill("[name=text]", "What Bob wrote.")
    bob.click("button:text-is('Save')")
    expect(bob.get_by_role("alert")).to_contain_text("ana saved this text while you were writing")
    expect(bob.locator("[name=text]")).to_have_value("What Bob wrote.")
    assert services.newest(one).text == "What Ana wrote."
    bob.click("button:text-is('Save')")
    expect(bob.locator(".gw-post__text")).to_have_text("What Bob wrote.")
    assert list(one.versions.order_by("number").values_list("text", flat=True)) == [
        "The first words.", "What Ana wrote.", "What Bob wrote.",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [360, 1280])
def test_its_pages_fit_and_are_readable(
    running: Browser, live_server: LiveServer, width: int
) -> None:
    _campaign, addresses = full_desk()
    page = opened(running, live_server)
    page.set_viewport_size({"width": width, "height": 900})
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(TOO_WIDE) == [], address
        assert page.evaluate(OUT_OF_CARD) == [], address
        found = Axe().run(page, context="#main", options={"resultTypes": ["violations"]})
        serious = [
            one["id"]
            for one in found.response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert serious == [], (address, serious)
