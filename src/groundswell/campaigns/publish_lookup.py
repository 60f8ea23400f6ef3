"""Who represents whom, at the public door: there while a page asks for it, new when that changes.

The directory makes the files, see `docs/formats/lookup.md`. They are published like pages are, so
the public door, another host or a CDN can serve them, and a reader sees one whole edition.
"""

from typing import Final

from groundswell.campaigns import publish_files
from groundswell.campaigns.models import CallPage, LetterPage
from groundswell.campaigns.pack import Site
from groundswell.campaigns.publish_files import Edition, Manifest
from groundswell.directory import lookup
from groundswell.directory.lookups.registry import COUNTRIES

SCOPE: Final = "lookup:"


def refresh() -> bool:
    """Bring the published lookups up to date; whether there was anything to do.

    Asks a few small questions of the database and takes the publisher's lock only if it must.
    """
    target = publish_files.site()
    if not _due(publish_files.load(target)):
        return False
    with target.locked():
        manifest = publish_files.load(target)
        put(target, manifest)
        publish_files.save(target, manifest)
        target.announce()
    return True


def put(target: Site, manifest: Manifest) -> None:
    """Write what is new and take away what no page asks for. Used by who holds the lock."""
    for scope, mark in _due(manifest).items():
        edition = Edition(scope=scope, mark=mark)
        if mark:
            edition.files.update(lookup.build(scope.removeprefix(SCOPE)))
        if edition.files:
            publish_files.put(target, manifest, edition)
        elif scope in manifest.scopes:
            publish_files.withdraw(target, manifest, scope)


def _due(manifest: Manifest) -> dict[str, str]:
    """The scopes to write, with the mark of what they are to hold; without one it is to go."""
    wanted = {f"{SCOPE}{code}": lookup.fingerprint(code) for code in _countries()}
    there = {
        scope: published.mark
        for scope, published in manifest.scopes.items()
        if scope.startswith(SCOPE)
    }
    return {
        scope: wanted.get(scope, "")
        for scope in {*wanted, *there}
        if wanted.get(scope) != there.get(scope)
    }


def _countries() -> list[str]:
    """The countries in which live pages look for somebody's own representatives."""
    asked = {
        country
        for model in (LetterPage, CallPage)
        for country in model.objects.live().values_list("lookup_country", flat=True)
    }
    return sorted(asked & COUNTRIES.keys())
