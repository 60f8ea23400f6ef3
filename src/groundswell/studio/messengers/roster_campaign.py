"""A campaign's People tab: who has a part in it, how far they are, and one part at a time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from groundswell.messengers import links as tracked
from groundswell.messengers import queries, services, services_links
from groundswell.messengers.models import Involvement, Messenger, PrivateLink, Status
from groundswell.people import queries as people
from groundswell.studio.messengers import access, roster, trail
from groundswell.studio.messengers.access import needs, sees
from groundswell.studio.messengers.forms_campaign import (
    InviteForm,
    PartForm,
    PostForm,
    PrivateForm,
    link_words,
)

# What comes after each step; the last two end the story.
NEXT = {
    Status.INVITED: Status.AGREED,
    Status.AGREED: Status.SCHEDULED,
    Status.SCHEDULED: Status.POSTED,
    Status.POSTED: Status.THANKED,
}


@sees
def campaign(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """Everybody with a part in a campaign. POST invites more from the roster."""
    card = trail.campaign(campaign_key)
    parts = queries.parts(campaign_key=campaign_key)
    there = {part.messenger_id for part in parts}
    free = [one for one in queries.roster() if one.pk not in there]
    sent = request.method == "POST"
    form = InviteForm(request.POST if sent else None, free=free)
    if sent and form.is_valid():
        return _invite(request, campaign_key, form.chosen())
    context = {
        **trail.of_campaign(request, card, tab="people"),
        "rows": _rows(campaign_key, parts),
        "tiles": _tiles(parts),
        "form": form,
        "free": len(free),
        "anybody": Messenger.objects.exists(),
    }
    return render(request, "studio/messengers/people.html", context, status=422 if sent else 200)


@sees
def part(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """One messenger's part: status, private link, links, posts. POST saves what was agreed."""
    row = part_of(campaign_key, key)
    sent = request.method == "POST"
    form = PartForm(request.POST if sent else None, part=row)
    if sent and form.is_valid():
        try:
            services.change_part(part=row, **form.cleaned_data)
        except ValidationError as error:
            roster.put_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("messengers_part", campaign_key=campaign_key, key=key)
    return show_part(request, row, form=form, status=422 if sent else 200)


@require_POST
@needs(access.RUN)
def step(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Say how far a messenger is."""
    row = part_of(campaign_key, key)
    try:
        services.set_status(
            part=row, status=request.POST.get("status", ""), by=request.user.get_username()
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    if "list" in request.POST:
        return redirect("messengers_campaign", campaign_key=campaign_key)
    return redirect("messengers_part", campaign_key=campaign_key, key=key)


@require_POST
@needs(access.RUN)
def make_private(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Make a private link; the one before it stops working."""
    row = part_of(campaign_key, key)
    form = PrivateForm(request.POST)
    if not form.is_valid():
        return show_part(request, row, private=form, status=422)
    services_links.make_private_link(
        messenger=row.messenger,
        campaign_key=campaign_key,
        expires_at=form.expires_at(),
        by=request.user.get_username(),
    )
    messages.success(request, _("The private link is ready. Send it to nobody else."))
    return redirect("messengers_part", campaign_key=campaign_key, key=key)


@require_POST
@needs(access.RUN)
def revoke_private(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Close a messenger's private link at once."""
    row = part_of(campaign_key, key)
    link = _private(row)
    if link:
        services_links.revoke_private_link(link=link, by=request.user.get_username())
        messages.success(request, _("Closed. Whoever has the link sees nothing any more."))
    return redirect("messengers_part", campaign_key=campaign_key, key=key)


@require_POST
@needs(access.RUN)
def add_post(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Note a post that is out."""
    row = part_of(campaign_key, key)
    form = PostForm(request.POST, links=_links(row))
    if form.is_valid():
        try:
            services.add_post(
                messenger=row.messenger,
                campaign_key=campaign_key,
                by=request.user.get_username(),
                **form.said(),
            )
        except ValidationError as error:
            roster.put_errors(form, error)
        else:
            messages.success(request, _("Noted. The report measures from that moment."))
            return redirect("messengers_part", campaign_key=campaign_key, key=key)
    return show_part(request, row, post=form, status=422)


@require_POST
@needs(access.RUN)
def delete_post(
    request: HttpRequest,
    campaign_key: UUID,
    key: UUID,
    id: int,  # noqa: A002  the URL's word
) -> HttpResponseBase:
    """Take back a note of a post."""
    row = part_of(campaign_key, key)
    mine = queries.posts(campaign_key=campaign_key, messenger=row.messenger)
    services.delete_post(post=get_object_or_404(mine, pk=id))
    messages.success(request, _("The note is gone. The status is as it was."))
    return redirect("messengers_part", campaign_key=campaign_key, key=key)


def part_of(campaign_key: UUID, key: UUID) -> Involvement:
    """A messenger's part in a campaign, or Http404."""
    row = queries.part(campaign_key=campaign_key, key=key)
    if row is None:
        raise Http404
    return row


def show_part(
    request: HttpRequest,
    row: Involvement,
    *,
    form: PartForm | None = None,
    private: PrivateForm | None = None,
    post: PostForm | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """The page of one part, with whatever form came back wrong."""
    card = trail.campaign(row.campaign_key)
    link, runs = _private(row), people.may(request.user, access.RUN)
    works = queries.works(link)
    context = {
        **trail.of_campaign(request, card, tab="people", title=row.messenger.name),
        "part": row,
        "row": roster.as_row(row.messenger),
        "steps": [(code, words, code == row.status) for code, words in Status.choices],
        "history": [(one, Status(one.after).label) for one in row.steps.all()],
        "form": form or PartForm(None, part=row),
        "private": link,
        "works": works,
        "private_url": queries.private_address(link) if link and works and runs else "",
        "private_form": private or PrivateForm(),
        "links": [(one, tracked.address(one), link_words(one)) for one in _links(row)],
        "links_url": reverse("messengers_links", args=[row.campaign_key]),
        "posts": queries.posts(campaign_key=row.campaign_key, messenger=row.messenger),
        "post_form": post or PostForm(links=_links(row)),
        **roster.contact_of(request, row.messenger),
    }
    return render(request, "studio/messengers/part.html", context, status=status)


def _invite(request: HttpRequest, campaign_key: UUID, chosen: list[Messenger]) -> HttpResponseBase:
    fresh = services.involve(
        messengers=chosen, campaign_key=campaign_key, by=request.user.get_username()
    )
    words = ngettext("%(n)s messenger is in.", "%(n)s messengers are in.", len(fresh))
    messages.success(request, words % {"n": len(fresh)})
    return redirect("messengers_campaign", campaign_key=campaign_key)


def _rows(campaign_key: UUID, parts: list[Involvement]) -> list[dict[str, Any]]:
    private = queries.private_links(
        campaign_key=campaign_key, messengers=[part.messenger for part in parts]
    )
    return [
        {
            **roster.as_row(part.messenger),
            "part": part,
            "next": NEXT.get(Status(part.status)),
            "private": private.get(part.messenger_id),
            "works": queries.works(private.get(part.messenger_id)),
        }
        for part in parts
    ]


def _tiles(parts: list[Involvement]) -> dict[str, int]:
    """How many there are, how many said yes, how many have posted, and how many follow them."""
    said_yes = [one for one in parts if one.status not in {Status.INVITED, Status.DECLINED}]
    posted = {Status.POSTED, Status.THANKED}
    return {
        "all": len(parts),
        "yes": len(said_yes),
        "posted": sum(one.status in posted for one in parts),
        "reach": sum(queries.reach(one.messenger) for one in said_yes),
    }


def _private(row: Involvement) -> PrivateLink | None:
    found = queries.private_links(campaign_key=row.campaign_key, messengers=[row.messenger])
    return found.get(row.messenger_id)


def _links(row: Involvement) -> list[Any]:
    mine = queries.links(campaign_key=row.campaign_key, messenger=row.messenger)
    return list(mine.filter(retired_at=None))
