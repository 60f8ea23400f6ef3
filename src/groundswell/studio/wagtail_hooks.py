"""Where the studio hooks into Wagtail: what is on the menu, how it looks, what is refused."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from groundswell.studio import editing
from groundswell.studio.account import SecondFactorPanel
from groundswell.studio.audit import register as audit
from groundswell.studio.campaigns import urls as campaigns
from groundswell.studio.delivery import register as delivery
from groundswell.studio.directline import register as directline
from groundswell.studio.directory import register as directory
from groundswell.studio.home import register as home
from groundswell.studio.messengers import register as messengers
from groundswell.studio.openletters import register as openletters
from groundswell.studio.supporters import register as supporters

# What Wagtail offers and we have no use for.
HIDDEN: Final = {"explorer", "documents", "snippets", "forms", "help"}
HIDDEN_SETTINGS: Final = {"collections", "redirects", "sites", "locales", "workflow-tasks"}
OUR_WORDS: Final = {"users": _("Organisers"), "groups": _("Roles")}
HIDDEN_REPORTS: Final = {"aging-pages", "page-types-usage", "locked-pages"}


def home_menu_item() -> MenuItem:
    return MenuItem(_("Home"), reverse("wagtailadmin_home"), name="home", icon_name="home", order=0)


def campaigns_menu_item() -> MenuItem:
    address = reverse("campaigns")
    return MenuItem(_("Campaigns"), address, name="campaigns", icon_name="flag", order=100)


def trim_main_menu(_request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN]


def trim_settings_menu(_request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN_SETTINGS]
    for item in items:
        item.label = OUR_WORDS.get(item.name, item.label)


def trim_reports_menu(_request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN_REPORTS]


def own_icons(icons: list[str]) -> list[str]:
    return [*icons, *(f"studio/icons/{name}.svg" for name in ("columns", "flag", "megaphone"))]


def own_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("studio/admin.css"))


def refuse_to_delete_what_was_signed(request: HttpRequest, page: Page) -> HttpResponse | None:
    refusal = editing.why_not_delete([page])
    return editing.refuse(request, page, refusal) if refusal else None


def refuse_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], _action: Any
) -> HttpResponse | None:
    pages = [item for item in objects if isinstance(item, Page)]
    refusal = editing.why_not_delete(pages) if action_type == "delete" else None
    return editing.refuse(request, pages[0], refusal) if refusal else None


def put_publish_beside_save(
    items: list[ActionMenuItem], _request: HttpRequest, _context: dict[str, Any]
) -> None:
    """The second item is the one that is shown beside the first: see action_menu/menu.html."""
    items[:] = [item for item in items if item.name != "localize-convert-to-alias"]
    wanted = [item for item in items if item.name in ("action-publish", "action-submit")][:1]
    if len(items) > 1 and items[0].name == "action-save-draft" and wanted:
        items.remove(wanted[0])
        items.insert(1, wanted[0])


home.register()
messengers.register()
delivery.register()
directline.register()
directory.register()
openletters.register()
supporters.register()
audit.register()
hooks.register("register_admin_urls", lambda: list[URLPattern](campaigns.urlpatterns), order=-1)
hooks.register("construct_page_action_menu", put_publish_beside_save)
hooks.register("register_admin_menu_item", home_menu_item)
hooks.register("register_admin_menu_item", campaigns_menu_item)
hooks.register("construct_main_menu", trim_main_menu)
hooks.register("construct_settings_menu", trim_settings_menu)
hooks.register("construct_reports_menu", trim_reports_menu)
hooks.register("register_icons", own_icons)
hooks.register("insert_global_admin_css", own_css)
hooks.register("register_account_settings_panel", SecondFactorPanel)
hooks.register("before_delete_page", refuse_to_delete_what_was_signed)
hooks.register("before_bulk_action", refuse_in_bulk)
hooks.register("after_create_page", editing.warn_if_pending, order=-1)
hooks.register("after_create_page", editing.say_what_is_missing, order=1)
hooks.register("after_create_page", editing.next_step)
hooks.register("after_create_page", editing.after_publishing, order=2)
hooks.register("after_edit_page", editing.say_what_is_missing)
hooks.register("after_edit_page", editing.warn_if_pending)
hooks.register("after_edit_page", editing.after_publishing, order=2)
hooks.register("after_unpublish_page", editing.warn_if_pending)
hooks.register("after_delete_page", editing.warn_if_pending)
