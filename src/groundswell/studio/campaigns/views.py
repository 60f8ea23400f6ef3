"""The list of campaigns, and the page after publishing with the link to share."""

from django.core.exceptions import PermissionDenied
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page
from wagtail_localize.views.submit_translations import (
    SubmitPageTranslationView,
    SubmitTranslationForm,
)

from groundswell.base import clock
from groundswell.campaigns import queries, services
from groundswell.campaigns.models import ActionPage, Campaign
from groundswell.studio.campaigns import listing
from groundswell.studio.home import cards


@require_admin_access  # type: ignore[untyped-decorator]
def campaigns(request: HttpRequest) -> HttpResponse:
    """All campaigns with their pages and languages, in the place of Wagtail's tree."""
    context = {
        "entries": listing.entries(now=clock.now()),
        "header_title": _("Campaigns"),
        "site_home": cards.site_home(),
        "translates": request.user.has_perm("wagtail_localize.submit_translation"),
    }
    return render(request, "studio/campaigns/index.html", context)


def published(request: HttpRequest, page_id: int) -> HttpResponse:
    """A page is public: its link to copy, and how it looks on a phone."""
    page = get_object_or_404(Page.objects.live(), pk=page_id).specific
    if not isinstance(page, Campaign | ActionPage):
        return redirect("campaigns")
    waits_for = _unpublished_campaign(page)
    context = {
        "page": page,
        "waits_for": waits_for,
        "may_publish": waits_for and waits_for.permissions_for_user(request.user).can_publish(),
        "pending": queries.is_pending(page_id=page.pk),
        "acts": isinstance(page, ActionPage),
        "header_title": _("One step left") if waits_for else _("It is public"),
    }
    return render(request, "studio/campaigns/published.html", context)


class Translate(SubmitPageTranslationView):
    """Wagtail's form for a new translation; a campaign brings what people can do along."""

    template_name = "studio/campaigns/translate.html"

    def get_form(self) -> SubmitTranslationForm:
        form = super().get_form()
        form.fields["include_subtree"].initial = True
        form.fields["select_all"].widget = HiddenInput()
        return form


@require_POST
def publish_campaign(request: HttpRequest, page_id: int) -> HttpResponse:
    """Publish the campaign of an action page that is waiting for it."""
    page = get_object_or_404(ActionPage.objects.live(), pk=page_id)
    campaign = _unpublished_campaign(page)
    if campaign:
        if not campaign.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        newest = campaign.get_latest_revision_as_object()
        services.publish_now(page=newest, organiser=request.user)
    return redirect("published", page.pk)


def _unpublished_campaign(page: Campaign | ActionPage) -> Campaign | None:
    if isinstance(page, Campaign) or page.campaign.live:
        return None
    return page.campaign
