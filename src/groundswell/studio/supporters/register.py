"""The supporters' place in Wagtail: addresses and a menu item for who may see them."""

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.people import queries
from groundswell.studio.supporters import urls


class SupportersItem(MenuItem):
    """Shown to organisers who may see supporters."""

    def is_shown(self, request: HttpRequest) -> bool:
        return queries.may(request.user, queries.SEE)


def register() -> None:
    """Hook the supporters' pages into Wagtail. Called once, by the studio's wagtail_hooks."""
    hooks.register("register_admin_urls", lambda: list[URLPattern](urls.urlpatterns))
    hooks.register("register_admin_menu_item", menu_item)


def menu_item() -> SupportersItem:
    """The main menu's entry, below the pages."""
    return SupportersItem(
        _("Supporters"), reverse("desk_supporters"), name="supporters", icon_name="group", order=210
    )
