"""The messengers desk's place in Wagtail: addresses and a menu item."""

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.people import queries
from groundswell.studio.messengers import access
from groundswell.studio.messengers.urls import urlpatterns


class MessengersItem(MenuItem):
    """Shown to organisers who may see who carries the link."""

    def is_shown(self, request: HttpRequest) -> bool:
        return queries.may(request.user, access.SEE)


def register() -> None:
    """Hook the messengers desk into Wagtail. Called once, by the studio's wagtail_hooks."""
    hooks.register("register_admin_urls", lambda: list[URLPattern](urlpatterns))
    hooks.register("register_admin_menu_item", menu_item)


def menu_item() -> MessengersItem:
    """The main menu's entry, below the campaigns."""
    return MessengersItem(
        _("Messengers"), reverse("messengers"), name="messengers", icon_name="megaphone", order=150
    )
