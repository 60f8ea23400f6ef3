"""The list of supporters, finding one, and one participation's page."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from groundswell.base import clock, sealing
from groundswell.campaigns.models import Question
from groundswell.people import audit, queries, vault
from groundswell.people.models import Participation
from groundswell.studio.home import cards
from groundswell.studio.supporters import words
from groundswell.studio.supporters.access import needs
from groundswell.studio.supporters.forms import FilterForm, FindForm


@needs(queries.SEE)
def index(request: HttpRequest) -> HttpResponseBase:
    """The list, newest first, filtered. Names are shown, so each look is on the record."""
    campaigns = cards.campaigns(now=clock.now())
    form = FilterForm(request.GET, campaigns=campaigns)
    filters = form.filters()
    listing = queries.list_participations(
        by=request.user, filters=filters, before=_row_id(request.GET.get("before", ""))
    )
    audit.record(by=request.user, action=audit.LIST, detail=_describe(filters, len(listing.rows)))
    context = {
        **_page(_("Supporters")),
        "form": form,
        "filters": filters,
        "find": FindForm(),
        "rows": _table(listing.rows, _titles(campaigns)),
        "listing": listing,
        "older": _older(request, listing.before),
        "query": _without(request, "before"),
        "paged": "before" in request.GET,
        "may_export": queries.may(request.user, queries.EXPORT),
        "any_campaign": bool(campaigns),
    }
    return render(request, "studio/supporters/index.html", context)


@sensitive_post_parameters("email")
@needs(queries.SEE)
def find(request: HttpRequest) -> HttpResponseBase:
    """All participations of one address. The address is only ever in the body of the POST."""
    if request.method != "POST":
        return redirect("desk_supporters")
    form = FindForm(request.POST)
    context: dict[str, Any] = {**_page(_("Find a supporter")), "find": form, "rows": None}
    if not form.is_valid():
        return render(request, "studio/supporters/find.html", context, status=422)
    rows = queries.find_by_email(email=form.cleaned_data["email"], by=request.user)
    audit.record(by=request.user, action=audit.FIND, detail=f"found={len(rows)}")
    context["rows"] = _table(rows, _titles(cards.campaigns(now=clock.now())))
    context["limit"] = queries.SAME_ADDRESS_LIMIT
    return render(request, "studio/supporters/find.html", context)


@needs(queries.SEE, names_someone=True)
def one(request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002  the URL's word
    """One participation: who, what happened, what can be done. Each look is on the record."""
    row = access(request, id)
    audit.record(by=request.user, action=audit.VIEW, participation=row.submission_id)
    return render(request, "studio/supporters/one.html", one_context(request, row))


def access(request: HttpRequest, submission_id: UUID) -> Participation:
    """The participation an address names. Raises Http404."""
    try:
        return queries.access_participation(id=submission_id, by=request.user)
    except Participation.DoesNotExist as error:
        raise Http404 from error


def one_context(request: HttpRequest, row: Participation) -> dict[str, Any]:
    """What a participation's page shows."""
    titles = _titles(cards.campaigns(now=clock.now()))
    moments = queries.history(participation=row, by=request.user)
    states = Participation.State
    opened = personal(row)
    return {
        **_page(_("Supporter"), [(reverse("desk_supporters"), _("Supporters"))]),
        "row": row,
        "title": titles.get(row.page_key, _("A page that is gone")),
        "state": words.state(row.state),
        "marks": words.marks(row.marks),
        "name": opened.name if opened else "",
        "personal": _personal_rows(row, opened),
        "consents": list(row.consents.all()),
        "history": [(m.at, words.moment(m), words.by(m.by)) for m in moments],
        "others": _table(queries.same_address(participation=row, by=request.user), titles),
        "may_help": queries.may(request.user, queries.HELP),
        "may_erase": queries.may(request.user, queries.ERASE),
        "may_read_audit": queries.may(request.user, queries.AUDIT),
        "can_resend": row.state == states.PENDING and row.email_index is not None,
        "can_withdraw": row.state in {states.PENDING, states.CONFIRMED},
        "can_erase": row.state != states.ERASED,
    }


def personal(row: Participation) -> vault.Personal | None:
    """A row's personal data; None when it was erased or does not open with our keys."""
    try:
        return vault.open_row(row)
    except (vault.Gone, sealing.CannotOpen):
        return None


def _personal_rows(
    row: Participation, opened: vault.Personal | None
) -> list[tuple[str, str]] | None:
    if opened is None:
        return None
    questions = {
        question.field: question.label
        for question in Question.objects.filter(page__translation_key=row.page_key).order_by("-pk")
    }
    first = [name for name in words.FIELDS if name in opened.fields]
    rest = sorted(opened.fields.keys() - set(first))
    return [(words.custom(name, questions), opened.fields[name]) for name in [*first, *rest]]


def _table(rows: list[Participation], titles: dict[UUID, str]) -> list[dict[str, Any]]:
    table = []
    for row in rows:
        opened = personal(row)
        name = opened.name or opened.email if opened else ""
        table.append(
            {
                "row": row,
                "name": name,
                "state": words.state(row.state),
                "title": titles.get(row.page_key, _("A page that is gone")),
                "marks": words.marks(row.marks),
            }
        )
    return table


def _titles(campaigns: list[cards.CampaignCard]) -> dict[UUID, str]:
    return {card.key: card.page.title for campaign in campaigns for card in campaign.pages}


def _describe(filters: queries.Filters, number: int) -> str:
    active = {
        name: len(value) if name == "page_keys" else value for name, value in filters.active.items()
    }
    chosen = " ".join(f"{name}={value}" for name, value in active.items())
    return f"rows={number} {chosen}".strip()


def _row_id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _older(request: HttpRequest, before: int | None) -> str:
    if before is None:
        return ""
    return "?" + urlencode([*_pairs(request, "before"), ("before", before)])


def _without(request: HttpRequest, name: str) -> str:
    return urlencode(_pairs(request, name))


def _pairs(request: HttpRequest, without: str) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in request.GET.items() if name != without and value]


def _page(title: str, above: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    trail = [(reverse("wagtailadmin_home"), _("Home")), *(above or []), ("", title)]
    return {
        "header_title": title,
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in trail],
    }
