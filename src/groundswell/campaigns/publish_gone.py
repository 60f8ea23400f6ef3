"""Links in mails outlive the page they are about: confirming and withdrawing stay possible.

When an action page goes, whoever signed still has a mail with its links. They keep leading to pages
of their own, without the campaign around them, until the action page is back.
"""

from collections.abc import Iterator
from typing import Final

from groundswell.base import clock
from groundswell.campaigns import publish_files
from groundswell.campaigns.models import ActionPage
from groundswell.campaigns.pack import Site
from groundswell.campaigns.publish_files import Edition, Linked, Manifest, Published
from groundswell.campaigns.render_media import Pictures, copied
from groundswell.campaigns.render_pages import Pages
from groundswell.campaigns.render_read import Reader
from groundswell.campaigns.render_views import NO_HTML, ActionView, TallyView
from groundswell.kinds.registry import KINDS

SCOPE: Final = "gone:"


class Gone:
    """The links of action pages that are no longer published. Used by who holds the lock."""

    def __init__(self, target: Site, manifest: Manifest) -> None:
        self._target = target
        self._manifest = manifest

    def keep(self, edition: Edition) -> None:
        """Keep the links of action pages that an edition will take away."""
        old = self._manifest.scopes.get(edition.scope, Published())
        for name in old.actions.keys() - edition.actions.keys():
            self._put(name, old.actions[name])

    def make_anew(self) -> None:
        """Make all of them again, also those that only the database remembers."""
        known = {
            name: linked
            for scope, published in self._manifest.scopes.items()
            if scope.startswith(SCOPE)
            for name, linked in published.actions.items()
        }
        live = self._live()
        taken = {
            linked.path for published in live.values() for linked in published.actions.values()
        }
        for name, linked in (dict(_in_database()) | known).items():
            if name not in live and linked.path not in taken:
                self._put(name, linked)

    def settle(self) -> None:
        """Let go of those that are published again, or whose address another page has now."""
        live = self._live()
        taken = {path for published in live.values() for path in published.places.values()}
        for scope in [scope for scope in self._manifest.scopes if scope.startswith(SCOPE)]:
            name, gone = scope.removeprefix(SCOPE), self._manifest.scopes[scope]
            if name in live:
                publish_files.note_moves(self._manifest, gone, live[name])
            if name in live or not taken.isdisjoint(gone.places.values()):
                publish_files.withdraw(self._target, self._manifest, scope)

    def _live(self) -> dict[str, Published]:
        """What each published action page is published with."""
        return {
            name: published
            for scope, published in self._manifest.scopes.items()
            if not scope.startswith(SCOPE)
            for name in published.actions
        }

    def _put(self, name: str, linked: Linked) -> None:
        edition = Edition(scope=f"{SCOPE}{name}", actions={name: linked})
        reader = Reader(now=clock.now(), totals={}, pictures=Pictures(copied(edition.add)))
        for page in Pages(reader.site(linked.lang)).links(_view(linked)):
            edition.add_page(page, f"{name}.{page.path.removeprefix(linked.path).strip('/')}")
        publish_files.put(self._target, self._manifest, edition)


def _in_database() -> Iterator[tuple[str, Linked]]:
    for page in ActionPage.objects.filter(first_published_at__isnull=False):
        yield (
            f"{page.page_key.hex}.{page.language}",
            Linked(
                page=page.page_key.hex,
                kind=page.kind,
                lang=page.language,
                path=page.public_path,
                title=page.title,
            ),
        )


def _view(linked: Linked) -> ActionView:
    kind = KINDS[linked.kind]
    return ActionView(
        page=linked.page,
        title=linked.title,
        path=linked.path,
        alternates=(),
        kind=kind,
        tally=TallyView(page=linked.page, counted=0, collected=0, goal=0, kind=kind),
        text=NO_HTML,
        asked={},
    )
