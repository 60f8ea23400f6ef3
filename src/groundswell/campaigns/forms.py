"""What only the whole form can check: rows against each other, and against their page."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

Lost = dict[tuple[str, int], UUID]


class RestoringForm(WagtailAdminPageForm):
    """Lets an old version bring back rows that were removed since, as what they were.

    Wagtail would refuse them, since the newest version has no such rows, and name no reason. A row
    that comes back keeps its translation key, so that its translations are found again.
    """

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        page = kwargs.get("instance")
        lost: Lost = _lost_rows(page, data) if page and data and data.get("revision") else {}
        if lost:
            data = data.copy()
            for relation, number in lost:
                data[f"{relation}-{number}-id"] = ""
        super().__init__(data, *args, **kwargs)
        for (relation, number), key in lost.items():
            self.formsets[relation].forms[number].instance.translation_key = key


def _lost_rows(page: Page, data: Any) -> Lost:
    revision = page.revisions.filter(pk=data["revision"]).first()
    if revision is None:
        return {}
    old, lost = revision.as_object(), {}
    for relation in (one.get_accessor_name() for one in get_all_child_relations(page)):
        here = {row.pk for row in getattr(page, relation).all()}
        gone = {str(row.pk): row for row in getattr(old, relation).all() if row.pk not in here}
        for number in range(int(data.get(f"{relation}-TOTAL_FORMS", 0))):
            row = gone.get(data.get(f"{relation}-{number}-id"))
            if row is not None:
                lost[relation, number] = row.translation_key
    return lost


class ActionPageForm(RestoringForm):
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
