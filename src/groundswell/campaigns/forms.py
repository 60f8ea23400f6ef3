"""What only the whole form can check: rows against each other, and against their page."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm


class ActionPageForm(WagtailAdminPageForm):
    """The editor's form for an action page."""

    def is_valid(self) -> bool:
        valid = bool(super().is_valid())
        purposes = self._differ(
            "consent_boxes", "purpose", _("Another box has this purpose. Give each its own.")
        )
        keys = self._differ(
            "questions", "label", _("This question is here twice. Remove one of them."), by="key"
        )
        return valid and purposes and keys

    def _differ(self, formset: str, field: str, words: str, *, by: str = "") -> bool:
        seen: set[str] = set()
        fine = True
        for row in self._rows(formset):
            value = row.cleaned_data.get(by or field)
            if value and value in seen:
                row.add_error(field, words)
                fine = False
            seen.add(value)
        return fine

    def _rows(self, name: str) -> list[Any]:
        formset = self.formsets.get(name)
        if formset is None:
            return []
        return [
            row
            for row in formset.forms
            if hasattr(row, "cleaned_data") and not row.cleaned_data.get("DELETE")
        ]
