"""Form widgets that choose whom a letter or a call goes to. Each keeps a JSON list."""

import json
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.kinds.congress import TOPICS

# Kinds of office of which a supporter has one of their own, and what an organiser calls them.
OFFICES: Final = {
    "senate": _("Senators in the US Senate"),
    "house": _("Representative in the US House"),
    "sldu": _("Senator in the state senate (USA)"),
    "sldl": _("Representative in the state house (USA)"),
    "commons": _("Member of the House of Commons (UK)"),
}


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
        return OFFICES.items()


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
        return []


class LetterTargets(forms.Textarea):
    """Single people and offices, looked up by name."""
