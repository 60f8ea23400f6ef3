"""The directory desk's forms: what the list shows, and what is set right."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.directory import adding, queries
from groundswell.directory.lists import Rule
from groundswell.studio.directory import choices, words

STALE_DAYS: Final = 180
UNCHECKED: Final = "unchecked"
DOUBTFUL: Final = "doubtful"


class FilterForm(forms.Form):
    """What the list of decision makers shows."""

    q = forms.CharField(
        label=_("Name, office, place or party"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "search"}),
    )
    kind = forms.ChoiceField(label=_("Kind of office"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    state = forms.ChoiceField(label=_("State or region"), required=False)
    party = forms.ChoiceField(label=_("Party"), required=False)
    committee = forms.ChoiceField(label=_("Committee"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    standing = forms.ChoiceField(
        label=_("To be looked at"),
        required=False,
        choices=[
            ("", _("All")),
            (UNCHECKED, _("Not checked for half a year")),
            (DOUBTFUL, _("Mail came back or wrong number")),
        ],
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self._offer("kind", choices.kinds())
        self._offer("country", choices.countries())
        self._offer("state", choices.regions(str(data.get("country", ""))))
        self._offer("party", choices.parties())
        self._offer("committee", choices.committees(), everything=_("Any"))
        self._offer("source", choices.sources())

    def chosen(self) -> dict[str, str]:
        """What was chosen, by name; a choice that makes no sense filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def found(self, page: int) -> queries.Found:
        """The decision makers that fit."""
        chosen = self.chosen()
        rule = Rule(
            **{
                field: (chosen[name],)
                for name, field in (
                    ("kind", "kinds"), ("country", "countries"), ("state", "divisions"),
                    ("party", "parties"), ("committee", "committees"), ("source", "sources"),
                )
                if name in chosen
            }
        )  # fmt: skip
        return queries.search(
            chosen.get("q", ""),
            rule=rule,
            unchecked_days=STALE_DAYS if chosen.get("standing") == UNCHECKED else 0,
            doubtful=chosen.get("standing") == DOUBTFUL,
            page=page,
        )

    @property
    def more(self) -> bool:
        """Whether one of the filters that are folded away is in use."""
        return any(self.chosen().get(name) for name in ("party", "committee", "source"))

    def _offer(self, name: str, found: choices.Choices, everything: Any = "") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", everything or _("All")), *found]


class CorrectForm(forms.Form):
    """The fields of one row that an organiser may set right, and why."""

    why = forms.CharField(
        label=_("Where do you have it from?"),
        max_length=500,
        help_text=_("Your colleagues read this beside the change, like: rang the office today."),
        error_messages={"required": _("Say why, or where you have it from.")},
    )

    def __init__(self, data: Any, *, row: Any, fields: tuple[str, ...]) -> None:
        super().__init__(data)
        self.row, self.names = row, fields
        for name in fields:
            self.fields[name] = _field(row, name)
        self.order_fields([*fields, "why"])

    def changes(self) -> dict[str, str]:
        """The fields that differ from what is there."""
        said = {name: self.cleaned_data[name] for name in self.names}
        return {name: value for name, value in said.items() if value != getattr(self.row, name)}


class AddForm(forms.Form):
    """A way to reach somebody that the source does not know."""

    type = forms.ChoiceField(
        label=_("What it is"), choices=[(one, words.TYPES[one]) for one in adding.TYPES]
    )
    value = forms.CharField(
        label=_("Number or address"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    label = forms.CharField(
        label=_("Label"), max_length=200, required=False, help_text=_("Like: Office in Tacoma.")
    )
    note = forms.CharField(
        label=_("Where do you have it from?"),
        max_length=500,
        error_messages={"required": _("Say why, or where you have it from.")},
    )


def _field(row: Any, name: str) -> forms.CharField:
    column = row._meta.get_field(name)  # noqa: SLF001  Django's documented way
    lines = name == "note" or (name == "value" and row.type == "address")
    widget = forms.Textarea(attrs={"rows": 4}) if lines else forms.TextInput()
    label = words.FIELDS[name]
    if name == "value":
        label = words.TYPES.get(row.type, label)
    return forms.CharField(
        label=label,
        initial=getattr(row, name),
        required=not column.blank,
        max_length=column.max_length,
        widget=widget,
        help_text=_HELP.get(name, ""),
        strip=True,
    )


_HELP: Final = {
    "hours": _("As in OpenStreetMap, like Mo-Fr 09:00-17:00."),
    "zone": _("The office's own, like America/New_York."),
    "salutation": _("How a letter begins, like: Dear Senator Cantwell,"),
    "language": _("A code, like en or pt-br."),
}
