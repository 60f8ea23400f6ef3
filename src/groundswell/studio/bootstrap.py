"""What a studio needs before its first organiser comes in. All of it can be done again."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from wagtail.models import (
    Locale,
    Page,
    PageLogEntry,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from groundswell.base import env
from groundswell.campaigns.models import Organisation, SiteHome
from groundswell.studio import roles
from groundswell.studio.models import SecondPersonApproval

WORKFLOW: Final = "Campaign approval"


def prepare(progress: Callable[[str], None]) -> None:
    """Bring the database up to date and furnish it. Safe to run at every start."""
    progress("Bringing the database up to date")
    call_command("migrate", verbosity=0, interactive=False)
    progress("Preparing languages, roles and the site's first page")
    furnish()


@transaction.atomic
def furnish() -> None:
    """Make locales, one site home per language, roles, the approval workflow, the site's data."""
    _clear_wagtail_samples()
    homes = [_site_home(code) for code in env.load().language_codes]
    _site(homes[0])
    _roles()
    _workflow(homes)
    _organisation()


def make_organiser(*, username: str, email: str, password: str, role: str) -> Any:
    """An organiser with one of the roles in `roles.ALL`; one of that name gets the new password."""
    organiser, _ = get_user_model().objects.get_or_create(
        username=username, defaults={"email": email}
    )
    organiser.set_password(password)
    organiser.save()
    organiser.groups.set([Group.objects.get(name=role)])
    return organiser


def _clear_wagtail_samples() -> None:
    # Wagtail's migrations bring a welcome page, groups and a workflow of their own. They go the
    # first time only: later, whatever has these names was made by an organiser.
    if SiteHome.objects.exists():
        return
    Workflow.objects.all().delete()
    Task.objects.all().delete()
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()
    Site.objects.all().delete()
    for page in Page.objects.filter(depth=2):
        page.delete()
    PageLogEntry.objects.all().delete()  # what is left of it would open the site's history


def _site_home(code: str) -> SiteHome:
    locale, _ = Locale.objects.get_or_create(language_code=code)
    home: SiteHome | None = SiteHome.objects.filter(locale=locale).first()
    if home is not None:
        return home
    first = SiteHome.objects.order_by("pk").first()
    home = SiteHome(
        title=env.load().site_name, slug=f"home-{code}" if first else "home", locale=locale
    )
    if first:
        home.translation_key = first.translation_key
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    root.add_child(instance=home)
    home.save_revision().publish()
    return home


def _site(home: SiteHome) -> None:
    # Wagtail wants one row that says where the tree starts. Addresses are our own affair.
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home, "site_name": env.load().site_name},
    )


def _roles() -> None:
    names = {name for granted in roles.GRANTS.values() for name in granted}
    for label in sorted({name.split(".")[0] for name in names}):
        roles.grant(app_label=label)
    roles.grant_pages()
    roles.grant_images()


def _workflow(homes: list[SiteHome]) -> None:
    workflow, made = Workflow.objects.get_or_create(name=WORKFLOW)
    if made:
        task = SecondPersonApproval.objects.create(name="Approval")
        task.groups.set(Group.objects.filter(name__in=[roles.ADMINISTRATORS, roles.MODERATORS]))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for home in homes:
        WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})


def _organisation() -> None:
    organisation: Organisation = Organisation.load()
    if not organisation.name:
        organisation.name = env.load().site_name
        organisation.save()
