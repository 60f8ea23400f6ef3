"""The direct line's place in Wagtail: addresses, a menu item, and what is due on Home."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from groundswell.base import clock
from groundswell.directline import queries
from groundswell.people.queries import may
from groundswell.studio.directline import words
from groundswell.studio.directline.urls import urlpatterns

SOON: Final = timedelta(days=7)


class DirectLineItem(MenuItem):
    """Shown to organisers who may read the record."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, queries.READ)


class NextSteps(Component):
    """Home's panel of one's own next steps: overdue, due today, due this week. Else nothing."""

    order = 5
    template_name = "studio/directline/home.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        today = timezone.localtime(clock.now(), timezone.get_default_timezone()).date()
        found = queries.next_steps(by=request.user, until=today + SOON)
        rows = [(words.row(one), (one.entry.due_on or today) - today) for one in found]
        return {"steps": [(row, left.days) for row, left in rows], "csrf_token": get_token(request)}


def register() -> None:
    """Hook the desk into Wagtail. Called once, by the studio's wagtail_hooks."""
    hooks.register("register_admin_urls", lambda: list[URLPattern](urlpatterns))
    hooks.register("register_admin_menu_item", menu_item)
    # After Home has thrown out whatever is not its own.
    hooks.register("construct_homepage_panels", add_panel, order=10)


def menu_item() -> DirectLineItem:
    """The main menu's entry, below the messengers."""
    return DirectLineItem(
        _("Direct line"), reverse("direct_line"), name="direct-line", icon_name="comment", order=170
    )


def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Put what is due above the numbers, for who may read it."""
    if may(request.user, queries.READ):
        panels.insert(max(0, len(panels) - 1), NextSteps())
