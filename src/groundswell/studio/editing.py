"""What the studio adds to editing: the next step, refusals in plain words, and warnings."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from groundswell.campaigns import queries
from groundswell.campaigns.models import ActionPage, Campaign
from groundswell.people.models import Participation


def why_not_delete(pages: Iterable[Page]) -> str:
    """Why these pages may not be deleted, in the organiser's words; empty when they may."""
    for page in pages:
        below = ActionPage.objects.filter(path__startswith=page.path)
        for action in below:
            # Deleting one language of several leaves its supporters a page to come back to.
            others = queries.action_pages(page_key=action.page_key).exclude(
                path__startswith=page.path
            )
            signed = Participation.objects.filter(page_key=action.page_key).exists()
            if signed and not others.exists():
                return _(
                    "People have already signed “%(title)s”, so it cannot be deleted: their "
                    "signatures would lose the words they stand for. Unpublish it instead. "
                    "It will be gone from the public site, and everything stays on record."
                ) % {"title": action.title}
    return ""


def refuse(request: HttpRequest, page: Page, reason: str) -> HttpResponse:
    """Back to the page's own list, with the reason."""
    messages.error(request, reason)
    parent = page.get_parent()
    return redirect(reverse("wagtailadmin_explore", args=[parent.pk]))


def next_step(page: Page) -> str:
    """Where to go after creating a page: from a new campaign straight to its petition."""
    if not isinstance(page, Campaign) or page.get_children().exists():
        return ""
    return reverse("wagtailadmin_pages:add", args=["campaigns", "actionpage", page.pk])


def warn_if_pending(request: HttpRequest, page: Page) -> None:
    """Say so when a change is saved but the public page could not be written yet."""
    if queries.is_pending(page_id=page.pk):
        messages.warning(
            request,
            _(
                "Your change is saved, but the public page could not be renewed yet. "
                "We keep trying and it will follow by itself; you need do nothing. "
                "If it has not in ten minutes, tell whoever runs this server."
            ),
        )
