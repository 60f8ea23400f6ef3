"""Checking a form against its PageSpec: everything wrong with it at once, or what to keep of it."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from groundswell.base.errors import FieldError, Refused
from groundswell.base.wire import ConsentSpec, FieldSpec, PageSpec
from groundswell.intake.text import CLEANERS, Cleaner, Wrong, normal

CONSENT_PREFIX: Final = "consent_"
# Names every form may carry besides its own fields; none of them is kept as a field.
EXTRAS: Final = frozenset({"key", "website", "shown", "t", "s"})


class Form:
    """A PageSpec made ready: what intake looks up for each submission."""

    __slots__ = ("consents", "done", "fields", "known", "spec", "template", "tokens")

    def __init__(self, spec: PageSpec, template: tuple[str, ...] = ()) -> None:
        self.spec = spec
        self.template = template
        self.done = msgspec.json.encode(spec.done)
        self.fields: tuple[tuple[str, FieldSpec, Cleaner], ...] = tuple(
            (field.name, field, CLEANERS[field.type]) for field in spec.fields
        )
        self.consents: tuple[tuple[str, ConsentSpec], ...] = tuple(
            (CONSENT_PREFIX + consent.purpose, consent) for consent in spec.consents
        )
        self.tokens = tuple(field.name for field in spec.fields if field.type == "token")
        asked = {*(name for name, _, _ in self.fields), *(name for name, _ in self.consents)}
        self.known = frozenset(asked | EXTRAS)


class Checked:
    """What is left of a good form: clean fields and the consents that were given."""

    __slots__ = ("consents", "fields")

    def __init__(self, fields: dict[str, str], consents: dict[str, str]) -> None:
        self.fields = fields
        self.consents = consents


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


def check(form: Form, values: Mapping[str, str]) -> Checked:
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
    consents = _consents(form, values, wrong)
    if wrong:
        raise Refused("invalid", fields=tuple(wrong))
    return Checked(fields, consents)


def _consents(form: Form, values: Mapping[str, str], wrong: list[FieldError]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, consent in form.consents:
        version = values.get(name, "")
        if version in consent.versions:
            given[consent.purpose] = version
        elif consent.required:
            wrong.append(FieldError(name, "consent_required"))
    return given
