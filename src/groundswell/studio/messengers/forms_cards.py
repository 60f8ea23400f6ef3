"""The cards' form: template, colours, words in each language, what becomes public."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundswell.messengers.cards.subject import Subject
from groundswell.messengers.models import CardDesign
from groundswell.messengers.models_cards import COLOUR

PLAIN = (
    "template", "ground", "ink", "accent", "shade", "show_count", "name_messengers",
    "page_picture", "live",
)  # fmt: skip


class DesignForm(forms.Form):
    """How a campaign's cards look. There are two fields of words for each of its languages."""

    template = forms.ChoiceField(
        label=_("Template"), choices=CardDesign.Template.choices, widget=forms.RadioSelect
    )
    ground = forms.CharField(label=_("Ground"), validators=[COLOUR], widget=forms.TextInput(
        attrs={"type": "color"}))  # fmt: skip
    ink = forms.CharField(label=_("Text"), validators=[COLOUR], widget=forms.TextInput(
        attrs={"type": "color"}))  # fmt: skip
    accent = forms.CharField(label=_("Accent"), validators=[COLOUR], widget=forms.TextInput(
        attrs={"type": "color"}))  # fmt: skip
    shade = forms.IntegerField(
        label=_("How much of the picture the ground covers, in percent"),
        min_value=30,
        max_value=100,
        help_text=_("Only for the photo: where words stand on it. More is easier to read."),
    )
    show_count = forms.BooleanField(
        label=_("Show the count"),
        required=False,
        help_text=_("With the moment it is of. It is drawn again as it grows."),
    )
    name_messengers = forms.BooleanField(
        label=_("Name the messenger on the picture of their link"),
        required=False,
        help_text=_("Only of those who have agreed. No supporter’s name is ever on a card."),
    )
    page_picture = forms.BooleanField(
        label=_("Use the card as the picture of the campaign’s own pages"),
        required=False,
        help_text=_("Instead of the lead picture, wherever somebody shares their link."),
    )
    live = forms.BooleanField(
        label=_("These cards are public"),
        required=False,
        help_text=_("Core draws them within seconds. Without this tick, all are taken away."),
    )

    def __init__(self, data: Any, *, design: CardDesign, subjects: list[Subject]) -> None:
        self.languages = list(dict.fromkeys(one.language for one in subjects))
        super().__init__(data, initial=_initial(design))
        for one in {one.language: one for one in reversed(subjects)}.values():
            self._add_words(one)

    def choices(self) -> dict[str, Any]:
        """What was chosen, as save_design wants it."""
        texts = {}
        for code in self.languages:
            said = {part: self.cleaned_data[f"{part}_{code}"] for part in ("headline", "line")}
            if any(said.values()):
                texts[code] = said
        return {**{name: self.cleaned_data[name] for name in PLAIN}, "texts": texts}

    @property
    def words(self) -> list[tuple[str, Any, Any]]:
        """(language, headline, line) for the template."""
        return [(code, self[f"headline_{code}"], self[f"line_{code}"]) for code in self.languages]

    def _add_words(self, one: Subject) -> None:
        code = one.language
        direction = {"lang": code, "dir": "auto", "rows": 2}
        self.fields[f"headline_{code}"] = forms.CharField(
            label=_("Headline"),
            required=False,
            max_length=120,
            widget=forms.Textarea(attrs={**direction, "placeholder": one.title}),
        )
        self.fields[f"line_{code}"] = forms.CharField(
            label=_("Line below"),
            required=False,
            max_length=240,
            widget=forms.Textarea(attrs={**direction, "placeholder": one.summary}),
        )


def _initial(design: CardDesign) -> dict[str, Any]:
    words = {
        f"{part}_{code}": text
        for code, texts in design.texts.items()
        for part, text in texts.items()
    }
    return {**{name: getattr(design, name) for name in PLAIN}, **words}
