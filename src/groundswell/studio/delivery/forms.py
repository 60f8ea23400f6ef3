"""The delivery desk's forms: what the list shows, and why something is held."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.delivery.models import State
from groundswell.delivery.queries import PerTarget
from groundswell.studio.delivery import words


class MessageForm(forms.Form):
    """Which letters the list shows."""

    target = forms.ChoiceField(label=_("Decision maker"), required=False)
    state = forms.ChoiceField(label=_("Where it is"), required=False)
    channel = forms.ChoiceField(label=_("How it goes out"), required=False)

    def __init__(self, data: Any, *, targets: Sequence[PerTarget]) -> None:
        super().__init__(data)
        channels = sorted({name for one in targets for name in one.channels})
        self._offer("target", _("All"), [(one.target, one.target_name) for one in targets])
        self._offer("state", _("Any"), [(one.value, words.state(one)) for one in State])
        self._offer("channel", _("Any"), [(name, words.channel(name)) for name in channels])

    def chosen(self) -> dict[str, str]:
        """What was chosen, by name; a choice that makes no sense filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def _offer(self, name: str, everything: Any, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", everything), *choices]


class ReasonForm(forms.Form):
    """Why sending stops, for whoever asks tomorrow."""

    reason = forms.CharField(
        label=_("Why? Your colleagues read this"),
        max_length=200,
        required=False,
        help_text=_("For example: the office has asked us to wait until Monday."),
    )


class AgainForm(forms.Form):
    """Which of those that did not arrive are sent again."""

    bounced = forms.BooleanField(
        label=_("Also those that came back"),
        required=False,
        help_text=_("Only if the address has been mended since: it will not get better by itself."),
    )
