"""The form of a target list."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.directory import queries
from groundswell.directory.lists import Rule
from groundswell.directory.targets import Target
from groundswell.studio.directory import choices

# The form's names of a rule's properties, with what they are called.
PROPERTIES: Final = {
    "kinds": _("Kind of office"),
    "countries": _("Country"),
    "divisions": _("State or region"),
    "parties": _("Party"),
    "organizations": _("Parliament or department"),
    "committees": _("Committee"),
    "sources": _("Source or imported list"),
}
PICKED_MOST: Final = 2000


class ListForm(forms.Form):
    """A list's name and its rule. What is hand-picked comes as `keys`, one for each."""

    name = forms.CharField(
        label=_("Name of the list"),
        max_length=120,
        help_text=_("Only organisers see it, like: Foreign ministers, or Finance committee."),
        error_messages={"required": _("Give the list a name.")},
    )
    q = forms.CharField(
        label=_("Add people or offices one by one"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "search"}),
    )

    def __init__(self, data: Any, *, rule: Rule | None = None, name: str = "") -> None:
        super().__init__(data)
        self.fields["name"].initial = name
        self.was = rule or Rule()
        self.offered: list[str] = []
        for field, label in PROPERTIES.items():
            offered = _offered(field, getattr(self.was, field))
            if offered:
                self.offered.append(field)
            self.fields[field] = forms.MultipleChoiceField(
                label=label,
                required=False,
                choices=offered,
                initial=list(getattr(self.was, field)),
                widget=forms.CheckboxSelectMultiple,
            )

    def properties(self) -> list[Any]:
        """The bound fields of the rule's properties that offer something."""
        return [self[name] for name in self.offered]

    def picked(self) -> tuple[str, ...]:
        """The keys picked by hand, in their order, each once."""
        if not self.is_bound:
            return self.was.keys
        getlist = getattr(self.data, "getlist", None)
        given = getlist("keys") if getlist else []
        return tuple(dict.fromkeys(key[:120] for key in given if key))[:PICKED_MOST]

    def rule(self) -> Rule:
        """The rule as it was chosen; a choice that makes no sense is left out."""
        if not self.is_bound:
            return self.was
        self.is_valid()
        chosen = {name: tuple(self.cleaned_data.get(name, ())) for name in PROPERTIES}
        return Rule(keys=self.picked(), without=self.was.without, **chosen)

    def looked_up(self) -> list[Target]:
        """What the search box finds, for a browser without scripts."""
        text = str(self.data.get("q", "")).strip()[:200] if self.is_bound else ""
        if not text:
            return []
        picked = set(self.picked())
        return [one for one in queries.search(text, per=20).items if one.key not in picked]


def _offered(field: str, chosen: tuple[str, ...]) -> choices.Choices:
    """What there is, and what was chosen even if it is there no more."""
    found = {
        "kinds": choices.kinds,
        "countries": choices.countries,
        "divisions": choices.regions,
        "parties": choices.parties,
        "organizations": choices.organizations,
        "committees": choices.committees,
        "sources": choices.sources,
    }[field]()
    known = {value for value, _label in found}
    return [*found, *((value, value) for value in chosen if value not in known)]
