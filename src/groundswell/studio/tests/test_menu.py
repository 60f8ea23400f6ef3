"""No dead link: everything the studio's menus lead to answers."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from wagtail.admin.menu import admin_menu
from wagtail.models import PageViewRestriction

from groundswell.campaigns.models import Campaign


def _links(items: list[Any], found: list[str]) -> list[str]:
    for item in items:
        if hasattr(item, "menu_items"):
            _links(item.menu_items, found)
        else:
            found.append(item.url)
    return found


def _menu(name: str) -> list[str]:
    request = RequestFactory().get("/")
    request.user = get_user_model().objects.get(username=name)
    return _links(admin_menu.render_component(request), [])


# wagtail-localize's report pages through an unordered list; harmless, and not ours.
@pytest.mark.filterwarnings("ignore:Pagination may yield inconsistent results")
@pytest.mark.parametrize("name", ["alice", "bob", "mona"])
def test_it_leads_nowhere_that_does_not_answer(name: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(name)
    links = _menu(name)
    assert "/" in links
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


def test_it_shows_bob_no_settings(bob: Client) -> None:
    assert not [link for link in _menu("bob") if "settings" in link or "users" in link]


def test_it_has_no_unused_wagtail_item(alice: Client) -> None:
    unused = re.compile(r"documents|snippets|forms|redirects|collections|whats-new|sites")
    assert not [link for link in _menu("alice") if unused.search(link)]


@pytest.mark.parametrize("address", ["/documents/", "/forms/", "/redirects/", "/sites/"])
def test_it_has_no_pages_for_what_we_do_not_use(alice: Client, address: str) -> None:
    assert alice.get(address).status_code == 404


def test_it_begins_the_sites_history_with_the_site(alice: Client) -> None:
    history = alice.get("/reports/site-history/").content.decode()
    assert "Welcome to your new Wagtail site" not in history


def test_it_offers_no_secrecy_that_published_files_cannot_keep(
    alice: Client, campaign: Campaign
) -> None:
    edit = alice.get(f"/pages/{campaign.pk}/edit/").content.decode()
    assert "Change privacy" not in edit
    alice.post(
        f"/pages/{campaign.pk}/privacy/", {"restriction_type": "password", "password": "hush"}
    )
    assert not PageViewRestriction.objects.exists()
