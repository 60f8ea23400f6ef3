"""The three roles, as groups, and what each may do.

Permissions come into being after the migrations of their own app, so they are granted app by app
as each is ready (`post_migrate`), in whatever order the apps come.
"""

from typing import Any, Final

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import post_migrate
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

ADMINISTRATORS: Final = "Administrators"
CAMPAIGNERS: Final = "Campaigners"
MODERATORS: Final = "Moderators"
ALL: Final = (ADMINISTRATORS, CAMPAIGNERS, MODERATORS)

_SUPPORTER_CARE = ("people.see_supporters", "people.help_supporters", "people.erase_supporters")
_DIRECTORY = ("studio.see_directory", "studio.correct_directory")
_LISTS = ("studio.build_lists", "studio.import_directory")
_DELIVERY = ("delivery.see_delivery", "delivery.steer_delivery")
_MESSENGERS = ("messengers.see_messengers", "messengers.run_messengers")
_SEE_LETTERS = ("campaigns.see_openletters",)
_RUN_LETTERS = (*_SEE_LETTERS, "campaigns.run_openletters")
_MODERATE_LETTERS = (*_SEE_LETTERS, "campaigns.moderate_openletters")
_DIRECT_LINE = ("directline.read_log", "directline.keep_log")
GRANTS: Final[dict[str, tuple[str, ...]]] = {
    ADMINISTRATORS: (
        "wagtailadmin.access_admin",
        "campaigns.change_organisation",
        "auth.add_user",
        "auth.change_user",
        "auth.delete_user",
        "auth.add_group",
        "auth.change_group",
        "auth.delete_group",
        "wagtailcore.add_workflow",
        "wagtailcore.change_workflow",
        "wagtailcore.delete_workflow",
        "wagtailcore.add_task",
        "wagtailcore.change_task",
        "wagtailcore.delete_task",
        "wagtail_localize.submit_translation",
        *_SUPPORTER_CARE,
        "people.export_supporters",
        "people.read_audit",
        *_DIRECTORY,
        *_LISTS,
        "studio.undo_directory",
        *_DELIVERY,
        "delivery.read_replies",
        *_MESSENGERS,
        *_RUN_LETTERS,
        *_MODERATE_LETTERS,
        *_DIRECT_LINE,
    ),
    CAMPAIGNERS: (
        "wagtailadmin.access_admin",
        "wagtail_localize.submit_translation",
        *_DIRECTORY,
        *_LISTS,
        *_DELIVERY,
        *_MESSENGERS,
        *_RUN_LETTERS,
        *_DIRECT_LINE,
    ),
    MODERATORS: (
        "wagtailadmin.access_admin",
        *_SUPPORTER_CARE,
        "people.read_audit",
        *_DIRECTORY,
        *_DELIVERY,
        "delivery.read_replies",
        "messengers.see_messengers",
        *_MODERATE_LETTERS,
    ),
}
PAGE_GRANTS: Final[dict[str, tuple[str, ...]]] = {
    ADMINISTRATORS: (
        "add_page",
        "change_page",
        "publish_page",
        "bulk_delete_page",
        "lock_page",
        "unlock_page",
    ),
    CAMPAIGNERS: ("add_page", "change_page", "publish_page", "lock_page"),
    MODERATORS: ("change_page",),
}
IMAGE_GRANTS: Final[dict[str, tuple[str, ...]]] = {
    ADMINISTRATORS: ("add_image", "change_image", "choose_image"),
    CAMPAIGNERS: ("add_image", "change_image", "choose_image"),
    MODERATORS: ("choose_image",),
}


def connect() -> None:
    """Grant what each app brings once its tables are there."""
    post_migrate.connect(_after_migrate, dispatch_uid="groundswell-roles")


def _after_migrate(*, app_config: AppConfig, **_: Any) -> None:
    # Auth makes the permissions in a handler of this very signal, which may come after ours.
    create_permissions(app_config, verbosity=0)
    grant(app_label=app_config.label)
    if app_config.label in ("wagtailcore", "wagtailimages"):
        grant_pages()
        grant_images()


def grant(*, app_label: str) -> None:
    """Give each role what it may do in one app. Doing it again adds nothing."""
    for role, names in GRANTS.items():
        wanted = [name.split(".")[1] for name in names if name.split(".")[0] == app_label]
        found = Permission.objects.filter(content_type__app_label=app_label, codename__in=wanted)
        if wanted:
            _group(role).permissions.add(*found)


def grant_pages() -> None:
    """Let each role do its part on all pages: the permission hangs on the tree's root."""
    root = Page.objects.filter(depth=1).first()
    if root is None:
        return
    for role, codenames in PAGE_GRANTS.items():
        for permission in _permissions("wagtailcore", codenames):
            GroupPagePermission.objects.get_or_create(
                group=_group(role), page=root, permission=permission
            )


def grant_images() -> None:
    """Let each role use pictures: all of them are in the one root collection."""
    root = Collection.objects.filter(depth=1).first()
    if root is None or not apps.is_installed("wagtail.images"):
        return
    for role, codenames in IMAGE_GRANTS.items():
        for permission in _permissions("wagtailimages", codenames):
            GroupCollectionPermission.objects.get_or_create(
                group=_group(role), collection=root, permission=permission
            )


def _permissions(app_label: str, codenames: tuple[str, ...]) -> list[Permission]:
    return list(
        Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
    )


def _group(role: str) -> Group:
    return Group.objects.get_or_create(name=role)[0]
