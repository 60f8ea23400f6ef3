"""The form of an action page: what it shows and what the wire calls it, from the same view."""

import unicodedata
from functools import cache
from typing import Final

from babel import Locale
from django.utils import translation

from groundswell.base.wire import ConsentSpec, FieldSpec, FieldType
from groundswell.campaigns import render_form_reach, render_letter_pages
from groundswell.campaigns.render_field import FieldView
from groundswell.campaigns.render_views import ActionView, QuestionView
from groundswell.intake.countries import CODES
from groundswell.kinds.congress import US_STATES
from groundswell.kinds.kind import COMMENT_MAX, FIELDS, NAME_MAX, OUTCOME_WORDS, StandardField

_QUESTION_TYPES: Final[dict[str, FieldType]] = {
    "line": "line",
    "text": "text",
    "choice": "choice",
    "check": "check",
}


def fields(action: ActionView) -> tuple[FieldSpec, ...]:
    """What the public door must know of an action page's fields."""
    asked = [_question_spec(question) for question in action.questions]
    return (*render_form_reach.fields(action), *_standard_specs(action), *asked)


def _standard_specs(action: ActionView) -> list[FieldSpec]:
    specs = action.kind.fields(asked=action.asked)
    return [render_form_reach.aimed(spec, action) for spec in specs]


def consents(action: ActionView) -> tuple[ConsentSpec, ...]:
    """What the public door must know of an action page's consent boxes."""
    boxes = tuple(
        ConsentSpec(purpose=box.purpose, versions=box.versions, required=box.required)
        for box in action.consents
    )
    return (*render_letter_pages.text_spec(action), *boxes)


def field_views(action: ActionView, *, lang: str) -> list[FieldView]:
    """The form's fields in order, in a language; what only letters and calls ask is elsewhere."""
    with translation.override(lang):
        standard = [_standard(spec, lang) for spec in action.kind.fields(asked=action.asked)]
    return [*standard, *(_question(question) for question in action.questions)]


def labels(action: ActionView, *, lang: str) -> dict[str, str]:
    """What the list of errors calls each field; a box to tick is there with its words."""
    views = [*render_form_reach.field_views(action, lang=lang), *field_views(action, lang=lang)]
    return {f"label:{view.name}": view.label for view in views if view.widget != "check"}


def defaults(action: ActionView) -> dict[str, str]:
    """What the published page has in its slots: the country chosen beforehand, a letter's draft."""
    country = {f"selected:country={action.country}": " selected"} if action.country else {}
    return country | render_form_reach.defaults(action)


@cache
def countries(lang: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of all countries, in the order a reader of the language looks for them."""
    names = Locale.parse(lang, sep="-").territories
    known = [(code, names.get(code, code)) for code in CODES]
    return tuple(sorted(known, key=lambda pair: _sort_key(pair[1])))


def _sort_key(name: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare.casefold()


def _standard(spec: FieldSpec, lang: str) -> FieldView:
    field = FIELDS[spec.name]
    widgets = {"country": "select", "choice": "select", "text": "textarea", "check": "check"}
    return FieldView(
        name=field.name,
        widget=widgets.get(field.type, "input"),
        label=translation.gettext(field.label),
        hint=translation.gettext(field.hint) if field.hint else "",
        required=spec.required,
        input_type={"email": "email", "phone": "tel"}.get(field.type, "text"),
        autocomplete=field.autocomplete,
        inputmode=field.inputmode,
        options=countries(lang) if field.type == "country" else _options(field),
    )


def _options(field: StandardField) -> tuple[tuple[str, str], ...]:
    names = {**US_STATES, **OUTCOME_WORDS}
    return tuple((value, translation.gettext(names.get(value, value))) for value in field.choices)


def _question(question: QuestionView) -> FieldView:
    widgets = {"line": "input", "text": "textarea", "choice": "radios", "check": "check"}
    return FieldView(
        name=question.field,
        widget=widgets[question.type],
        label=question.label,
        required=question.required,
        options=question.options,
    )


def _question_spec(question: QuestionView) -> FieldSpec:
    return FieldSpec(
        name=question.field,
        type=_QUESTION_TYPES[question.type],
        required=question.required,
        max=COMMENT_MAX if question.type == "text" else NAME_MAX,
        choices=tuple(value for value, _ in question.options),
    )
