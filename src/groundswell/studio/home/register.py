"""Home's place in Wagtail: what waits for somebody's approval, then our dashboard."""

from typing import Any, Final

from django.http import HttpRequest
from django.urls import URLPattern
from wagtail import hooks
from wagtail.admin.views.home import (
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from groundswell.studio.home import urls
from groundswell.studio.home.views import Dashboard

KEPT: Final = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel)


def register() -> None:
    """Hook Home into Wagtail. Called once, by the studio's wagtail_hooks."""
    hooks.register("register_admin_urls", lambda: list[URLPattern](urls.urlpatterns))
    hooks.register("construct_homepage_panels", replace_panels)


def replace_panels(_request: HttpRequest, panels: list[Any]) -> None:
    """Put the dashboard in the place of Wagtail's own panels, below the approval queues."""
    panels[:] = [*(panel for panel in panels if isinstance(panel, KEPT)), Dashboard()]
