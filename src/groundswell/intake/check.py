"""Checking a form against its PageSpec: everything wrong with it at once, or what to keep of it."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

import msgspec

from groundswell.base.errors import FieldError, Refused
from groundswell.base.wire import ConsentSpec, FieldSpec, PageSpec
from groundswell.intake.lookup import PLACING, POSTCODE, Lookups, Placed
from groundswell.intake.text import CLEANERS, Cleaner, Wrong, normal

CONSENT_PREFIX: Final = "consent_"
# Names every form may carry besides its own fields; none of them is kept as a field.
EXTRAS: Final = frozenset({"key", "website", "shown", "t", "s"})
_PLACES: Final = frozenset({"division", "target"})
_NOWHERE: Final = Lookups(dict)


class Form:
    """A PageSpec made ready: what intake looks up for each submission."""

    __slots__ = ("consents", "done", "fields", "known", "places", "spec", "template", "tokens")

    def __init__(self, spec: PageSpec, template: tuple[str, ...] = ()) -> None:
        self.spec = spec
        self.template = template
        self.done = msgspec.json.encode(spec.done)
        self.fields: tuple[tuple[str, FieldSpec, Cleaner], ...] = tuple(
            (field.name, field, CLEANERS[field.type])
            for field in spec.fields
            if field.type not in _PLACES
        )
        # What depends on the rest of the form, in the order in which it does.
        self.places = tuple(
            sorted((f for f in spec.fields if f.type in _PLACES), key=lambda f: f.type)
        )
        self.consents: tuple[tuple[str, ConsentSpec], ...] = tuple(
            (CONSENT_PREFIX + consent.purpose, consent) for consent in spec.consents
        )
        self.tokens = tuple(field.name for field in spec.fields if field.type == "token")
        asked = {field.name for field in spec.fields} | {name for name, _ in self.consents}
        self.known = frozenset(asked | EXTRAS)


class Checked:
    """What is left of a good form: clean fields and the consents that were given.

    `found` is what a lookup adds to the fields. It may differ when the same form comes again.
    """

    __slots__ = ("consents", "fields", "found")

    def __init__(
        self, fields: dict[str, str], consents: dict[str, str], found: dict[str, str]
    ) -> None:
        self.fields = fields
        self.consents = consents
        self.found = found


def one_value_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A form's pairs as a mapping. Raises Refused(400) when a name comes twice.

    A consent that is both on and off is no consent, so it is left out instead.
    """
    values: dict[str, str] = {}
    twice: list[str] = []
    for name, value in pairs:
        if name in values:
            twice.append(name)
        values[name] = value
    for name in twice:
        if not name.startswith(CONSENT_PREFIX):
            raise Refused("bad_request", status=400, fields=(FieldError(name, "one_value"),))
        values.pop(name, None)
    return values


def check(
    form: Form, values: Mapping[str, str], *, lookups: Lookups = _NOWHERE, now: int = 0
) -> Checked:
    """The fields and consents to keep. Raises Refused(422) that names every field at fault."""
    wrong: list[FieldError] = []
    if not form.known.issuperset(values):
        wrong = [
            FieldError(name[:64], "unknown_field") for name in values if name not in form.known
        ]
    fields: dict[str, str] = {}
    for name, field, clean in form.fields:
        sent = values.get(name)
        if sent and (value := normal(sent)):
            try:
                fields[name] = clean(value, field)
            except Wrong as error:
                wrong.append(FieldError(name, error.code, error.limit))
        elif field.required:
            wrong.append(FieldError(name, "required"))
    found: dict[str, str] = {}
    if form.places:
        look = partial(lookups.place, form.places, now=now, words=form.spec.messages)
        found = _place(form, values, fields, wrong, look)
    consents = _consents(form, values, wrong)
    if wrong:
        raise Refused("invalid", fields=tuple(wrong))
    return Checked(fields, consents, found)


def offers(form: Form, values: Mapping[str, str], *, lookups: Lookups, now: int) -> Placed:
    """What may be chosen for a form as it was sent, whatever else is wrong with it."""
    fields: dict[str, str] = {}
    for name, field, clean in form.fields:
        if name in PLACING and (value := normal(values.get(name, ""))):
            with contextlib.suppress(Wrong):
                fields[name] = clean(value, field)
    _clean_places(form, values, fields, [])
    return lookups.place(form.places, fields, now=now, words=form.spec.messages, again=True)


def _place(
    form: Form,
    values: Mapping[str, str],
    fields: dict[str, str],
    wrong: list[FieldError],
    look: Callable[[Mapping[str, str]], Placed],
) -> dict[str, str]:
    """Clean and look up what depends on the postcode. Nothing is asked while that is wrong."""
    _clean_places(form, values, fields, wrong)
    if any(error.field == POSTCODE for error in wrong):
        return {}
    placed = look(fields)
    wrong += placed.errors
    return {name: value for name, value in placed.found.items() if name not in fields}


def _clean_places(
    form: Form, values: Mapping[str, str], fields: dict[str, str], wrong: list[FieldError]
) -> None:
    for field in form.places:
        if value := normal(values.get(field.name, "")):
            try:
                fields[field.name] = CLEANERS[field.type](value, field)
            except Wrong as error:
                wrong.append(FieldError(field.name, error.code, error.limit))


def _consents(form: Form, values: Mapping[str, str], wrong: list[FieldError]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, consent in form.consents:
        version = values.get(name, "")
        if version in consent.versions:
            given[consent.purpose] = version
        elif consent.required:
            wrong.append(FieldError(name, "consent_required"))
    return given
