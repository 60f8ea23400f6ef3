"""The desk's forms: filter, find, withdraw, erase, export."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from groundswell.people.export import CLEAR_COLUMNS, PERSONAL_COLUMNS
from groundswell.people.queries import Filters
from groundswell.studio.home import cards, names, numbers
from groundswell.studio.supporters import words


class FilterForm(forms.Form):
    """What the list shows. Its choices are what exists: the counter knows without a search."""

    page = forms.ChoiceField(label=_("Campaign or action page"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    duplicates = forms.BooleanField(label=_("Only duplicates"), required=False)
    marked = forms.BooleanField(label=_("Only marked for a second look"), required=False)

    def __init__(self, data: Any, *, campaigns: list[cards.CampaignCard]) -> None:
        super().__init__(data)
        self.campaigns = campaigns
        keys = [card.key for campaign in campaigns for card in campaign.pages]
        self._offer("page", _("All"), _page_choices(campaigns))
        self._offer("state", _("Any"), list(words.STATES.items()))
        for name, naming in (
            ("country", names.country),
            ("language", names.language),
            ("source", names.source),
        ):
            rows = numbers.breakdown(page_keys=keys, dimension=name)
            self._offer(name, _("Any"), [(row.value, naming(row.value)) for row in rows])

    def filters(self) -> Filters:
        """The filters as they were chosen; one that makes no sense does not filter."""
        self.is_valid()
        chosen = self.cleaned_data
        return Filters(
            page_keys=self._page_keys(chosen.get("page", "")),
            state=chosen.get("state", ""),
            country=chosen.get("country", ""),
            language=chosen.get("language", ""),
            source=chosen.get("source", ""),
            duplicates=chosen.get("duplicates", False),
            marked=chosen.get("marked", False),
        )

    def _offer(self, name: str, everything: Any, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", everything), *((value, label) for value, label in choices if value)]

    def _page_keys(self, chosen: str) -> tuple[UUID, ...]:
        for campaign in self.campaigns:
            if chosen == f"campaign-{campaign.page.pk}":
                return tuple(card.key for card in campaign.pages) or (UUID(int=0),)
        return (UUID(chosen),) if chosen else ()


class FindForm(forms.Form):
    """An exact address. It travels in a POST's body only, so no log and no history keeps it."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": _("This is not a whole e-mail address.")},
    )


class WithdrawForm(forms.Form):
    """Why. A choice, not free text: a reason must not become a place for personal data."""

    reason = forms.ChoiceField(
        label=_("Why is it withdrawn?"),
        choices=list(words.REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )


class EraseForm(forms.Form):
    """A word to type, so that nobody is erased by a slip of the finger."""

    word = forms.CharField(
        label=_("Type the word ERASE to go on"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type ERASE, or go back.")},
    )

    def clean_word(self) -> str:
        """Accept the word in any case, in English or in the organiser's language."""
        word = str(self.cleaned_data["word"]).strip().casefold()
        if word not in {"erase", pgettext_lazy("to be typed", "ERASE").casefold()}:
            raise forms.ValidationError(_("This is not the word. Type ERASE, or go back."))
        return word


class ExportForm(forms.Form):
    """Which columns leave the house, and how the file is written."""

    clear = forms.MultipleChoiceField(label=_("About the action"), required=False)
    personal = forms.MultipleChoiceField(label=_("Personal data"), required=False)
    custom = forms.MultipleChoiceField(label=_("Answers to your questions"), required=False)
    consents = forms.MultipleChoiceField(label=_("Consents"), required=False)
    bom = forms.BooleanField(
        label=_("For Microsoft Excel"),
        required=False,
        help_text=_("Marks the file as UTF-8, so that Excel shows all letters rightly."),
    )

    def __init__(self, data: Any, *, questions: dict[str, str], purposes: list[str]) -> None:
        super().__init__(data)
        self._offer("clear", [(name, _COLUMNS[name]) for name in CLEAR_COLUMNS])
        self._offer("personal", [(name, words.FIELDS[name]) for name in PERSONAL_COLUMNS])
        self._offer("custom", list(questions.items()))
        self._offer("consents", [(purpose, purpose) for purpose in purposes])

    def clean(self) -> dict[str, Any]:
        """Refuse an export without a column."""
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("clear", "personal", "custom", "consents")):
            raise forms.ValidationError(_("Choose at least one column."))
        return cleaned

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  declared above
        field.choices = choices
        field.initial = [value for value, _label in choices]
        field.widget = forms.CheckboxSelectMultiple(choices=choices)


_COLUMNS = {
    "id": _("Number of the participation"),
    "received_at": _("Time sent"),
    "page": _("Action page"),
    "state": _("State"),
    "confirmed_at": _("Time confirmed"),
    "counted": _("Counted"),
    "duplicate": _("Duplicate"),
    "language": _("Language"),
    "country": _("Country"),
    "source": _("Source"),
}


def _page_choices(campaigns: list[cards.CampaignCard]) -> list[tuple[str, Any]]:
    choices: list[tuple[str, Any]] = []
    for campaign in campaigns:
        title = campaign.page.title
        choices.append((f"campaign-{campaign.page.pk}", title))
        choices += [(str(card.key), f"{title} · {card.page.title}") for card in campaign.pages]
    return choices
