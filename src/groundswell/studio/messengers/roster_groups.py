"""Groups of messengers: families, coalitions, partner organisations."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from groundswell.messengers import queries, services
from groundswell.messengers.models import Group
from groundswell.studio.messengers import access, trail
from groundswell.studio.messengers.access import needs
from groundswell.studio.messengers.forms_roster import GroupForm
from groundswell.studio.messengers.roster import put_errors


@needs(access.SEE)
def groups(request: HttpRequest) -> HttpResponseBase:
    """All groups."""
    return _show(request, GroupForm())


@require_POST
@needs(access.RUN)
def add(request: HttpRequest) -> HttpResponseBase:
    """Make a group."""
    form = GroupForm(request.POST)
    if form.is_valid():
        try:
            group = services.make_group(**form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(
                request,
                _("“%(name)s” is there. Put messengers in on their pages.") % {"name": group.name},
            )
            return redirect("messengers_groups")
    return _show(request, form, status=422)


@needs(access.RUN)
def edit(request: HttpRequest, id: int) -> HttpResponseBase:  # noqa: A002  the URL's word
    """Give a group another name or kind."""
    group = get_object_or_404(Group, pk=id)
    said = {"name": group.name, "kind": group.kind}
    form = GroupForm(request.POST if request.method == "POST" else None, initial=said)
    if form.is_bound and form.is_valid():
        try:
            services.change_group(group=group, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("messengers_groups")
    return _show(request, form, group=group, status=422 if form.is_bound else 200)


@require_POST
@needs(access.RUN)
def delete(request: HttpRequest, id: int) -> HttpResponseBase:  # noqa: A002  the URL's word
    """Dissolve a group."""
    group = get_object_or_404(Group, pk=id)
    services.delete_group(group=group)
    messages.success(
        request,
        _("“%(name)s” is dissolved. Its messengers stay on the roster.") % {"name": group.name},
    )
    return redirect("messengers_groups")


def _show(
    request: HttpRequest, form: GroupForm, *, group: Group | None = None, status: int = 200
) -> HttpResponseBase:
    context = {
        **trail.page(request, pgettext("messengers", "Groups")),
        "part": "groups",
        "form": form,
        "group": group,
        "groups": queries.groups(),
    }
    return render(request, "studio/messengers/groups.html", context, status=status)
