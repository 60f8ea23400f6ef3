"""Roster, people and links in a real browser: from nothing to links to send, on a phone too."""

import os
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from groundswell.base import clock
from groundswell.messengers import services, services_links
from groundswell.messengers.models import Messenger, Status, TrackedLink
from groundswell.messengers.services import Account
from groundswell.messengers.tests import people
from groundswell.studio import roles
from groundswell.studio.directory.tests.test_in_chromium import OUT_OF_CARD, TOO_WIDE
from groundswell.studio.home.tests import desk
from tests.support.chromium import chromium

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = """name,role,languages,time_zone,groups,instagram,instagram_followers,x,x_followers
Mira Solenne,singer,en; fr,Europe/Paris,River Choir,mira,189M,mirasolenne,2M
Tomas Aldair,goalkeeper,vi,Asia/Ho_Chi_Minh,,tomas1,4500000,,
Ada Brook,poet,en,Europe/London,River Choir,,,adabrook,12345
"""


@pytest.fixture(autouse=True)
def _a_browser_beside_django(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright runs an event loop in this thread; Django would take our queries for async ones.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def running(live_server: LiveServer) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def opened(browser: Browser, live_server: LiveServer, *, script: bool = True) -> Page:
    session = desk.client_of(roles.CAMPAIGNERS).cookies["studio_session"].value
    context = browser.new_context(base_url=live_server.url, java_script_enabled=script)
    context.add_cookies([{"name": "studio_session", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


@pytest.mark.parametrize("script", [True, False])
def test_it_prepares_a_campaign_from_nothing(
    running: Browser, live_server: LiveServer, script: bool
) -> None:
    desk.furnish()
    desk.make_page(desk.make_campaign("Keep the river"), title="Sign for the river")
    page = opened(running, live_server, script=script)
    page.goto("/messengers/")
    page.click("text=Import a spreadsheet")
    page.fill("#id_text", ROWS)
    page.click("text=See what is in it")
    page.click("text=Load 3 good rows")
    expect(page.locator("#main")).to_contain_text("191,000,000")
    page.goto("/messengers/")
    page.click("h2 >> text=Keep the river")
    for name in ("Mira Solenne", "Tomas Aldair", "Ada Brook"):
        page.get_by_label(name).check()
    page.click("button:text-is('Invite')")
    page.click("nav.gw-tabs >> text=Links")
    for label in ("Mira Solenne", "Ada Brook", "The campaign itself", "Instagram", "English"):
        page.get_by_label(label, exact=True).check()
    page.click("text=Make the links")
    expect(page.locator("#main")).to_contain_text("3 links are ready.")
    assert TrackedLink.objects.count() == 3
    page.click("text=Name and QR code >> nth=0")
    page.fill("#id_alias", "ada-river")
    page.click("text=Save the name")
    expect(page.locator(".gw-address")).to_contain_text("/k/ada-river")


def test_it_makes_a_private_link_to_copy(running: Browser, live_server: LiveServer) -> None:
    key, row = scene()
    page = opened(running, live_server)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/messengers/campaign/{key}/people/{row.key}/")
    page.click("text=Make a new one, close this")
    page.click("[data-copy=private-link]")
    expect(page.locator("[data-copy-status]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.input_value("#private-link")
    page.click("text=Close it now")
    expect(page.locator("#main")).to_contain_text("Whoever has the link sees nothing")
    assert copied not in page.content()


def scene() -> tuple[UUID, Messenger]:
    """A campaign with messengers in every state, whose names and numbers are long."""
    desk.furnish()
    campaign = desk.make_campaign("A campaign whose title goes on for quite a while, as some do")
    action = desk.make_page(campaign, title="Donaudampfschifffahrtsgesellschaftskapitän " * 2)
    key: UUID = campaign.translation_key
    group = services.make_group(name="The coalition of all artists of the river", kind="coalition")
    rows = [people.messenger(groups=(group.pk,))]
    for name in (
        "Թամար Վարդանյան-Գրիգորյան",
        "ليلى المنصوري",
        "Nguyễn Thị Minh Khai Trần",
        "M" * 60,
    ):
        accounts = tuple(
            Account(network=code, handle="h" * 40, followers=1_234_567)
            for code in ("instagram", "tiktok", "youtube", "facebook")
        )
        rows.append(people.messenger(name, accounts=accounts, groups=(group.pk,)))
    parts = services.involve(messengers=rows, campaign_key=key, by="bob")
    for part, status in zip(parts, Status.values[1:], strict=False):
        services.set_status(part=part, status=status, by="bob")
    services.change_part(
        part=parts[0], disclosure="Unpaid", note="n" * 90, scheduled_at=clock.now()
    )
    _links(key, action.page_key, rows)
    return key, rows[0]


def _links(key: UUID, page_key: UUID, rows: list[Messenger]) -> None:
    """Links with a name, retired and private, and a post."""
    made = services_links.make_links(
        campaign_key=key,
        page_key=page_key,
        messengers=[*rows[:2], None],
        networks=["instagram", "x"],
        languages=["en", ""],
        by="bob",
    ).fresh
    services_links.name_link(link=made[0], name="a-name-of-thirty-two-letters-abc")
    services_links.retire(link=made[-1])
    services_links.make_private_link(
        messenger=rows[0],
        campaign_key=key,
        expires_at=clock.now() + timedelta(days=20),
        by="bob",
    )
    services.add_post(
        messenger=rows[0],
        campaign_key=key,
        network="x",
        at=clock.now(),
        by="bob",
        link=made[2],
        url="https://x.com/" + "p" * 100,
    )


def addresses() -> list[str]:
    """Every page of this part of the desk."""
    key, row = scene()
    here = f"/messengers/campaign/{key}"
    code = TrackedLink.objects.exclude(alias=None).get().code
    return [
        "/messengers/", "/messengers/roster/", "/messengers/roster/groups/",
        f"/messengers/roster/{row.key}/", f"/messengers/roster/{row.key}/edit/",
        "/messengers/roster/import/", f"{here}/", f"{here}/people/{row.key}/", f"{here}/links/",
        f"{here}/links/{code}/",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_the_screen_and_can_be_read(
    running: Browser, live_server: LiveServer, width: int
) -> None:
    all_pages = addresses()
    page = opened(running, live_server)
    page.set_viewport_size({"width": width, "height": 800})
    for address in all_pages:
        page.goto(address)
        assert page.evaluate(TOO_WIDE) == [], address
        assert page.evaluate(OUT_OF_CARD) == [], address
        found = Axe().run(page, context="#main", options={"resultTypes": ["violations"]})
        wrong = [
            (one["id"], [node["html"][:120] for node in one["nodes"]])
            for one in found.response["violations"]
        ]
        assert wrong == [], address
