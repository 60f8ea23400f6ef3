"""What the forms of letters and calls ask beside the standard fields: where one lives, the text."""

from dataclasses import replace
from html import escape
from typing import Any, Final

import msgspec
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from groundswell.base.wire import FieldSpec
from groundswell.campaigns.render_field import FieldView
from groundswell.campaigns.render_reach_views import CallView, LetterView, ReachView, TextView
from groundswell.campaigns.render_views import ActionView
from groundswell.kinds.kind import SUBJECT_MAX

WHO: Final = gettext_noop("Who represents you?")
SUBJECT: Final = gettext_noop("Subject")
BODY: Final = gettext_noop("Your letter")
# What people call a postcode where the lookup is at home.
POSTCODES: Final = {"us": gettext_noop("ZIP code")}


def fields(action: ActionView) -> tuple[FieldSpec, ...]:
    """The wire's fields that only a letter or a call has, in the form's order."""
    if not isinstance(action, ReachView):
        return ()
    place = (division(action),) if action.lookup else ()
    return (*place, *(_letter(action) if isinstance(action, LetterView) else ()))


def aimed(spec: FieldSpec, action: ActionView) -> FieldSpec:
    """A standard field as this page asks it: a target is one of the page's own, or the lookup's."""
    if spec.type != "target" or not isinstance(action, CallView):
        return spec
    choices = tuple(target.key for target in action.targets)
    return msgspec.structs.replace(spec, choices=choices, lookup=action.lookup)


def division(action: ReachView) -> FieldSpec:
    """Where somebody is represented, in the country whose lookup finds it."""
    return FieldSpec(
        name="division", type="division", required=True, choices=action.own, lookup=action.lookup
    )


def field_views(action: ActionView, *, lang: str) -> list[FieldView]:
    """The same fields as the list of errors names them, in a language."""
    if not isinstance(action, ReachView):
        return []
    with translation.override(lang):
        place = [place_view(action)] if action.lookup else []
        texts = action.texts if isinstance(action, LetterView) else ()
        return [*place, *(view for text in texts for view in _text_views(text))]


def place_view(action: ReachView) -> FieldView:
    """The question who represents somebody, in the active language."""
    return FieldView(
        name="division",
        widget="division",
        label=gettext(WHO),
        required=True,
        lookup=action.lookup,
        kinds=action.kinds,
    )


def context(action: ReachView, views: list[FieldView], *, lang: str) -> dict[str, Any]:
    """What the templates of letters and calls show of a form: its fields, by where they stand."""
    named = {view.name: view for view in views}
    with translation.override(lang):
        place = place_view(action) if action.lookup else None
        postcode = named.get("postcode")
        if postcode and action.lookup in POSTCODES:
            postcode = replace(postcode, label=gettext(POSTCODES[action.lookup]))
    apart = {"copy", "target", "outcome", *(["postcode"] if place else [])}
    return {
        "place": place,
        "postcode": postcode,
        "copy": named.get("copy"),
        "target": named.get("target"),
        "outcome": named.get("outcome"),
        "personal": [view for view in views if view.name not in apart],
    }


def defaults(action: ActionView) -> dict[str, str]:
    """What the published form has in its slots: the organiser's draft."""
    if not isinstance(action, LetterView):
        return {}
    return {
        f"value:{name}": escape(value)
        for text in action.texts
        for name, value in ((text.subject_name, text.subject), (text.body_name, text.body))
    }


def _letter(action: LetterView) -> list[FieldSpec]:
    texts = [
        spec
        for text in action.texts
        for spec in (
            FieldSpec(name=text.subject_name, type="line", required=True, max=SUBJECT_MAX),
            FieldSpec(name=text.body_name, type="text", required=True, max=text.limit),
        )
    ]
    return [*texts, *(FieldSpec(name=one.field, type="check", max=8) for one in action.points)]


def _text_views(text: TextView) -> list[FieldView]:
    subject = FieldView(
        name=text.subject_name, widget="input", label=gettext(SUBJECT), required=True
    )
    body = FieldView(name=text.body_name, widget="textarea", label=gettext(BODY), required=True)
    return [_named(subject, text.label), _named(body, text.label)]


def _named(view: FieldView, label: str) -> FieldView:
    return replace(view, label=f"{view.label} ({label})") if label else view
