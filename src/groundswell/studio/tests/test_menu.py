"""No dead link: everything the studio's menus lead to answers."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from wagtail.admin.menu import admin_menu


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
