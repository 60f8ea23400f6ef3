"""The picture that networks show with a page, where another room has drawn one for it."""

from collections.abc import Callable
from uuid import UUID

from groundswell.campaigns.render_views import Picture

Chosen = Callable[[UUID, str], Picture | None]


class _Cards:
    """Who draws them. The room that does is above this one."""

    chosen: Chosen = staticmethod(lambda _key, _language: None)


def ask(chosen: Chosen) -> None:
    """Ask `chosen(campaign_key, language)` for the picture before a campaign's own is taken."""
    _Cards.chosen = staticmethod(chosen)


def chosen(campaign_key: UUID, language: str) -> Picture | None:
    """The card an organiser chose for a campaign's pages in a language, if there is one."""
    return _Cards.chosen(campaign_key, language)
