"""Tracked links at the public door: `links.json`, made from what is published at this moment.

The format is in docs/formats/links.md. The file lies beside the public files, not among them: it
names every link there is.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from groundswell.base import env
from groundswell.campaigns import pack, publish_files
from groundswell.campaigns.publish_files import Manifest
from groundswell.messengers.cards.queries import card_paths
from groundswell.messengers.models import TrackedLink

FILE: Final = "links.json"
FORMAT: Final = 1
_GONE: Final = "gone:"


def publish() -> bool:
    """Bring the public door's links up to date; False when they already were.

    For core every few seconds, since pages are published, moved and taken down; and for whoever
    makes or changes a link, so that it works at once.
    """
    site = publish_files.site()
    with site.locked():
        data = _encoded(publish_files.load(site))
        file = site.folder / FILE
        if file.exists() and file.read_bytes() == data:
            return False
        pack.write(file, data)
        site.announce()
        return True


def address(link: TrackedLink) -> str:
    """The address a messenger posts."""
    return f"{env.load().public_url.rstrip('/')}/k/{link.name}"


def entries(manifest: Manifest) -> dict[str, dict[str, Any]]:
    """What the public door must know of each link that leads somewhere, by code and by name."""
    pages = paths(manifest)
    cards = card_paths()
    found = {}
    for link in TrackedLink.objects.filter(retired_at=None).order_by("pk"):
        to = pages.get(link.page_key.hex) or pages.get(link.campaign_key.hex)
        if not to:
            continue
        entry = {
            "s": link.code,
            "page": link.page_key.hex,
            "to": to,
            "main": _main(to),
            "lang": link.language if link.language in to else "",
            "card": cards.get(link.code, ""),
        }
        found[link.code] = entry
        if link.alias:
            found[link.alias] = entry
    return found


def paths(manifest: Manifest) -> dict[str, dict[str, str]]:
    """Where each published action page and campaign is in each language, by its key."""
    found: dict[str, dict[str, str]] = {}
    for scope, published in manifest.scopes.items():
        if scope.startswith(_GONE):
            continue
        for place, path in published.places.items():
            key, _dot, rest = place.partition(".")
            language = rest.partition(".")
            # A campaign is `<key>.<language>`; an action's form is `<key>.<language>.` and nothing.
            if len(key) == 32 and not language[2]:
                found.setdefault(key, {})[language[0]] = path
    return found


def _encoded(manifest: Manifest) -> bytes:
    return msgspec.json.encode({"format": FORMAT, "links": entries(manifest)}, order="sorted")


def _main(to: Mapping[str, str]) -> str:
    """The first of the site's languages that the page has."""
    return next((code for code in env.load().language_codes if code in to), min(to))
