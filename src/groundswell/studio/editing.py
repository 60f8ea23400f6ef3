"""What the studio adds to editing: the next step, refusals in plain words, and warnings."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages as wagtail_messages
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


def next_step(request: HttpRequest, page: Page) -> HttpResponse | None:
    """From a campaign just made, straight to what people can do for it."""
    if not _saved_by_hand(request) or not _lacks_action(page):
        return None
    messages.info(request, _("Next: what people can do. A petition, a letter or a call."))
    return redirect(_add_action(page))


def after_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The first time to the page's link and what is left to do; later back to the campaigns."""
    if "action-publish" not in request.POST or not isinstance(page, Campaign | ActionPage):
        return None
    stored = Page.objects.get(pk=page.pk)
    first = stored.live and stored.first_published_at == stored.last_published_at
    if not first or _lacks_action(page):
        return redirect("campaigns")
    # That page says all of it better than a pile of messages.
    list(messages.get_messages(request))
    return redirect("published", page.pk)


def say_what_is_missing(request: HttpRequest, page: Page) -> None:
    """After a save: what still keeps people from acting, with the button that leads there."""
    if not _saved_by_hand(request):
        return
    if _lacks_action(page):
        missing = _("People cannot do anything for this campaign yet.")
        button = wagtail_messages.button(_add_action(page), _("Add an action"))
        wagtail_messages.warning(request, missing, buttons=[button])
    elif isinstance(page, ActionPage) and page.live and not page.campaign.live:
        missing = _("Nobody can see this page before its campaign is published too.")
        address = reverse("wagtailadmin_pages:edit", args=[page.campaign.pk])
        button = wagtail_messages.button(address, _("Go to the campaign"))
        wagtail_messages.warning(request, missing, buttons=[button])


def _saved_by_hand(request: HttpRequest) -> bool:
    # The editor saves by itself every half second and wants no page for an answer.
    return request.accepts("text/html")


def _lacks_action(page: Page) -> bool:
    return isinstance(page, Campaign) and not page.get_children().exists()


def _add_action(page: Page) -> str:
    return reverse("wagtailadmin_pages:add_subpage", args=[page.pk])


def warn_if_pending(request: HttpRequest, page: Page) -> None:
    """Say so when a change is saved but the public page could not be written yet."""
    if _saved_by_hand(request) and queries.is_pending(page_id=page.pk):
        messages.warning(
            request,
            _(
                "Your change is saved, but the public page could not be renewed yet. "
                "We keep trying and it will follow by itself; you need do nothing. "
                "If it has not in ten minutes, tell whoever runs this server."
            ),
        )
