"""Target lists: made, looked at, changed and deleted. Whom one holds is worked out afresh."""

from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundswell.campaigns.models import ActionPage
from groundswell.campaigns.models_call import CallPage
from groundswell.campaigns.models_open_letter import OpenLetterPage
from groundswell.campaigns.models_reach import LetterText
from groundswell.directory import lists, queries, services
from groundswell.directory.checks import Wrong
from groundswell.directory.lists import Rule
from groundswell.directory.models import TargetList
from groundswell.people import audit
from groundswell.studio.directory import access
from groundswell.studio.directory.access import needs
from groundswell.studio.directory.listforms import ListForm
from groundswell.studio.directory.search import under
from groundswell.studio.directory.views import page, rights

FIRST: Final = 12


@needs(access.SEE)
def index(request: HttpRequest) -> HttpResponseBase:
    """Every list, how many it holds today, and which pages use it."""
    used = uses()
    rows = [
        {"list": one, "count": queries.count(lists.read(one.rule)), "uses": used.get(one.pk, [])}
        for one in queries.lists_all()
    ]
    context = {
        **page(_("Target lists"), [(reverse("desk_directory"), _("Decision makers"))]),
        "tab": "lists",
        "rows": rows,
        **rights(request),
    }
    return render(request, "studio/directory/lists.html", context)


@needs(access.LISTS)
def new(request: HttpRequest) -> HttpResponseBase:
    """Make a list."""
    form = ListForm(request.POST if request.method == "POST" else None)
    return _edit(request, form, None)


@needs(access.LISTS)
def edit(request: HttpRequest, id: int) -> HttpResponseBase:  # noqa: A002  the URL's word
    """Change a list."""
    row = _list(id)
    form = ListForm(
        request.POST if request.method == "POST" else None,
        rule=lists.read(row.rule),
        name=row.name,
    )
    return _edit(request, form, row)


@require_POST
@needs(access.LISTS)
def preview(request: HttpRequest) -> HttpResponseBase:
    """Whom the rule in the form means at this moment: how many, and the first names."""
    form = ListForm(request.POST)
    return render(request, "studio/directory/_preview.html", _preview(form.rule()))


@needs(access.LISTS)
def delete(request: HttpRequest, id: int) -> HttpResponseBase:  # noqa: A002  the URL's word
    """GET: what deleting means, or why it is not possible. POST: delete."""
    row = _list(id)
    used = uses().get(row.pk, [])
    if request.method == "POST" and not used:
        with transaction.atomic():
            services.delete_list(list_id=row.pk)
            _record(request, row, "deleted")
        messages.success(request, _("Deleted. Nothing happened to those who were on it."))
        return redirect("desk_directory_lists")
    context = {**page(_("Delete this list?"), _above()), "list": row, "uses": used}
    status = 409 if request.method == "POST" else 200
    return render(request, "studio/directory/list_delete.html", context, status=status)


def uses() -> dict[int, list[ActionPage]]:
    """The pages that write to or call each list, by the list's id."""
    found: dict[int, dict[int, ActionPage]] = {}
    rows = list(LetterText.objects.exclude(lists=[]).values_list("lists", "page_id"))
    rows += list(CallPage.objects.exclude(lists=[]).values_list("lists", "pk"))
    rows += list(OpenLetterPage.objects.exclude(lists=[]).values_list("lists", "pk"))
    pages = ActionPage.objects.in_bulk({page_id for _lists, page_id in rows})
    for ids, page_id in rows:
        for one in ids:
            if page_id in pages:
                found.setdefault(int(one), {})[page_id] = pages[page_id]
    return {one: list(those.values()) for one, those in found.items()}


def _edit(request: HttpRequest, form: ListForm, row: TargetList | None) -> HttpResponseBase:
    """Show the form; save it, unless the organiser only wants to look somebody up or to see."""
    asks = {"look", "show"} & request.POST.keys()
    if form.is_bound and not asks and form.is_valid() and _save(request, form, row):
        return redirect("desk_directory_lists")
    if asks:
        # Looking somebody up is no attempt to save: no field is wrong yet.
        form.errors.clear()
    title = row.name if row else _("New target list")
    known = queries.targets(form.picked())
    context = {
        **page(title, _above()),
        "form": form,
        "list": row,
        "picked": [(key, known.get(key), under(known[key]) if key in known else "")
                   for key in form.picked()],
        "looked_up": [(one, under(one)) for one in form.looked_up()],
        "searched": form.is_bound and bool(form.data.get("q")),
        "uses": uses().get(row.pk, []) if row else [],
        **_preview(form.rule()),
    }  # fmt: skip
    status = 422 if form.is_bound and not asks else 200
    return render(request, "studio/directory/list.html", context, status=status)


def _save(request: HttpRequest, form: ListForm, row: TargetList | None) -> bool:
    rule, name = form.rule(), form.cleaned_data["name"]
    if not rule.chooses() and not rule.keys:
        form.add_error(None, _("Choose at least one kind of office, place or person."))
        return False
    try:
        with transaction.atomic():
            if row is None:
                row = services.create_list(name=name, rule=rule, by=request.user.get_username())
            else:
                row = services.update_list(list_id=row.pk, name=name, rule=rule)
            _record(request, row, "saved")
    except Wrong as wrong:
        form.add_error("name", f"{wrong.problem[:1].upper()}{wrong.problem[1:]}.")
        return False
    messages.success(request, _("Saved. Letter and call pages can use it now."))
    return True


def _preview(rule: Rule) -> dict[str, Any]:
    if not rule.chooses() and not rule.keys:
        return {"count": 0, "first": [], "more": 0, "nothing_chosen": True}
    found = queries.evaluate(rule)
    first = [(one, under(one)) for one in found[:FIRST]]
    return {"count": len(found), "first": first, "more": len(found) - len(first)}


def _record(request: HttpRequest, row: TargetList, detail: str) -> None:
    audit.record(by=request.user, action=audit.TARGETS, about=f"list {row.pk}", detail=detail)


def _list(list_id: int) -> TargetList:
    row = TargetList.objects.filter(pk=list_id).first()
    if row is None:
        raise Http404
    return row


def _above() -> list[tuple[str, str]]:
    return [
        (reverse("desk_directory"), _("Decision makers")),
        (reverse("desk_directory_lists"), _("Target lists")),
    ]
