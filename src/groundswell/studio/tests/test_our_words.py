"""Wagtail's words give way to a campaigner's, and only in the studio."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import translation

from groundswell.studio import catalogue

OWN = Path(__file__).parents[2]
PO = catalogue.WORDS / "en/LC_MESSAGES/django.po"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/users/", "Organisers"),
        ("/groups/", "Roles"),
        ("/users/new/", "Add an organiser"),
        ("/reports/site-history/", "Changes to pages"),
        ("/workflows/list/", "Approval"),
    ],
)
def test_it_names_things_as_campaigners_do(alice: Client, address: str, words: str) -> None:
    shown = alice.get(address).content.decode()
    title = re.search(r"<title>(.*?)</title>", shown, re.DOTALL)
    assert title
    assert words in title.group(1)


def test_it_asks_of_a_role_only_what_there_is(alice: Client) -> None:
    link = re.search(r"/groups/edit/\d+/", alice.get("/groups/").content.decode())
    assert link
    shown = alice.get(link.group()).content.decode()
    assert "Image permissions" not in shown
    assert "With pictures" in shown
    assert "Document permissions" not in shown
    assert "Collection management" not in shown


def test_it_changes_no_word_of_the_public_pages() -> None:
    with PO.open("rb") as file:
        ours = {m.id if isinstance(m.id, str) else m.id[0] for m in read_po(file) if m.id}
    with (catalogue.FOLDER / "fr/LC_MESSAGES/django.po").open("rb") as file:
        public = {m.id if isinstance(m.id, str) else m.id[0] for m in read_po(file) if m.id}
    assert not ours & public


def test_it_keeps_the_places_for_names() -> None:
    place = re.compile(r"%\(\w+\)s|\{\w*\}")
    with PO.open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, str) and message.id:
                assert set(place.findall(str(message.string))) <= set(place.findall(message.id))


def test_it_replaces_only_words_that_are_still_in_use() -> None:
    with PO.open("rb") as file, translation.override("de"):
        known = [m.id for m in read_po(file) if isinstance(m.id, str) and m.id]
        unknown = [one for one in known if translation.gettext(one) == one]
    # German says some the same way. Of words that nothing uses any more it knows none.
    assert len(unknown) < len(known) / 5, unknown
