"""The audit log's place in Wagtail: an address and an item in the reports menu."""

from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from groundswell.people import queries
from groundswell.studio.audit import urls


class AuditItem(MenuItem):
    """Shown to organisers who may read the log."""

    def is_shown(self, request: HttpRequest) -> bool:
        return queries.may(request.user, queries.AUDIT)


def register() -> None:
    """Hook the audit log into Wagtail. Called once, by the studio's wagtail_hooks."""
    hooks.register("register_admin_urls", lambda: list[URLPattern](urls.urlpatterns))
    hooks.register("register_admin_menu_item", menu_item)


def menu_item() -> AuditItem:
    """The main menu's entry, below the supporters."""
    return AuditItem(
        _("Audit log"), reverse("desk_audit"), name="audit", icon_name="clipboard-list", order=220
    )
