"""Reading the audit log: who did what with supporters' data, decision makers and letters."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.people import audit, queries
from groundswell.people.models import AuditEntry
from groundswell.studio.supporters import words
from groundswell.studio.supporters.access import needs


class AuditForm(forms.Form):
    """What the log shows."""

    action = forms.ChoiceField(label=gettext_lazy("Action"), required=False)
    organiser = forms.CharField(label=gettext_lazy("Organiser"), required=False, max_length=150)
    participation = forms.UUIDField(
        label=gettext_lazy("Number of the participation"), required=False
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["action"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [
            ("", _("Any")),
            *((code, words.AUDIT_ACTIONS[code]) for code in audit.ACTIONS),
        ]


@needs(queries.AUDIT)
def index(request: HttpRequest) -> HttpResponseBase:
    """The log, newest first."""
    form = AuditForm(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    before = request.GET.get("before", "")
    entries, older = queries.audit_entries(
        by=request.user,
        action=chosen.get("action", ""),
        organiser=chosen.get("organiser", ""),
        participation=chosen.get("participation"),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )
    kept = [(name, value) for name, value in request.GET.items() if name != "before" and value]
    context = {
        "form": form,
        "entries": [_entry(entry) for entry in entries],
        "filtered": bool(kept),
        "older": "?" + urlencode([*kept, ("before", older)]) if older else "",
        "sees_supporters": queries.may(request.user, queries.SEE),
        "header_title": _("Audit log"),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("Audit log")},
        ],
    }
    return render(request, "studio/audit/index.html", context)


def _entry(entry: AuditEntry) -> dict[str, Any]:
    # A page's key looks like a participation's.
    participation = _uuid(entry.object) if entry.action not in audit.DESKS else None
    return {
        "at": entry.at,
        "organiser": entry.organiser,
        "action": words.AUDIT_ACTIONS.get(entry.action, entry.action),
        "participation": participation,
        "about": "" if participation else entry.object,
        "detail": entry.detail,
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
