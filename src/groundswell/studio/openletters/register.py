"""The open letters' place in Wagtail: addresses and a menu item."""

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.people import queries
from groundswell.studio.openletters import access
from groundswell.studio.openletters.urls import urlpatterns


class OpenLettersItem(MenuItem):
    """Shown to organisers who may see who signs open letters."""

    def is_shown(self, request: HttpRequest) -> bool:
        return queries.may(request.user, access.SEE)


def register() -> None:
    """Hook the open letters' desk into Wagtail. Called once, by the studio's wagtail_hooks."""
    hooks.register("register_admin_urls", lambda: list[URLPattern](urlpatterns))
    hooks.register("register_admin_menu_item", menu_item)


def menu_item() -> OpenLettersItem:
    """The main menu's entry, below the messengers."""
    return OpenLettersItem(
        _("Open letters"), reverse("openletters"), name="openletters", icon_name="edit", order=160
    )
