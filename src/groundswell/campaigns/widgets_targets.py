"""Form widgets that choose whom a letter or a call goes to. Each keeps a JSON list."""

import json
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from groundswell.campaigns import offices
from groundswell.directory import queries as directory
from groundswell.kinds.congress import TOPICS


class JsonChoices(forms.CheckboxSelectMultiple):
    """Boxes to tick; the value is a JSON list of what is ticked."""

    whole: ClassVar[bool] = False

    def format_value(self, value: Any) -> list[str]:
        return [str(one) for one in listed(value)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # noqa: ARG002  Django's own signature
        chosen = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return json.dumps([int(one) if self.whole else str(one) for one in chosen])

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        self.choices = list(self.offered())
        return super().optgroups(name, value, attrs)

    def offered(self) -> Iterable[tuple[Any, Any]]:
        """(value, label) of each box."""
        raise NotImplementedError


class OwnOffices(JsonChoices):
    """Which of a supporter's own representatives."""

    def offered(self) -> Iterable[tuple[str, Any]]:
        return offices.offered()


class Topics(JsonChoices):
    """The topics that Congress sorts its mail by."""

    def offered(self) -> Iterable[tuple[str, str]]:
        return [(topic, topic) for topic in TOPICS]


def listed(value: Any) -> list[Any]:
    """The list in a form's JSON value, and none if there is nothing of the kind."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError:
        return []
    return list(found) if isinstance(found, list | tuple) else []


class TargetLists(JsonChoices):
    """The target lists made in the directory."""

    whole = True

    def offered(self) -> Iterable[tuple[int, str]]:
        return [(one.pk, one.name) for one in directory.lists_all()]


class PeoplePicker(forms.Textarea):
    """Single people and offices, found by name; the value is a JSON list of their keys.

    The search is the directory's desk's. Its script is an element of its own, so that it also works
    in rows that the editor adds later.
    """

    class Media:
        js = ("studio/picker.js",)
        css: ClassVar = {"all": ("studio/picker.css",)}

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        hidden = super().render(name, value, {**(attrs or {}), "hidden": True}, renderer)
        return format_html(
            '<gw-picker data-search="{}" data-label="{}" data-none="{}" data-remove="{}">{}'
            "</gw-picker>",
            reverse("desk_directory_search"),
            _("Search by name, office or party"),
            _("Nobody found"),
            _("Remove {name}"),
            hidden,
        )
