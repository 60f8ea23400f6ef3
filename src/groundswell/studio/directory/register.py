"""The directory's place in Wagtail: addresses and a menu item."""

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.people import queries
from groundswell.studio.directory import access, urls


class DirectoryItem(MenuItem):
    """Shown to organisers who may see decision makers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return queries.may(request.user, access.SEE)


def register() -> None:
    """Hook the directory's desk into Wagtail. Called once, by the studio's wagtail_hooks."""
    hooks.register("register_admin_urls", lambda: list[URLPattern](urls.urlpatterns))
    hooks.register("register_admin_menu_item", menu_item)


def menu_item() -> DirectoryItem:
    """The main menu's entry, below the deliveries."""
    return DirectoryItem(
        _("Decision makers"), reverse("desk_directory"), name="directory", icon_name="columns",
        order=205,
    )  # fmt: skip
