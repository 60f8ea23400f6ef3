"""The shape of a kind: what sets a petition apart from a letter, on the page and on the wire."""

from pathlib import Path
from typing import Final

import msgspec

from groundswell.base.wire import FieldSpec, FieldType

NAME_MAX: Final = 200
COMMENT_MAX: Final = 2000


def N_(text: str) -> str:  # noqa: N802  the mark that text extractors know
    """Mark words for the catalogue. They are translated where a page is made, not here."""
    return text


class StandardField(msgspec.Struct, frozen=True, kw_only=True):
    """A field every kind may ask for. `label` and `hint` are marked, not yet translated."""

    name: str
    type: FieldType
    label: str
    hint: str = ""
    autocomplete: str = "off"
    inputmode: str = ""
    max: int = NAME_MAX


FIELDS: Final[dict[str, StandardField]] = {
    field.name: field
    for field in (
        StandardField(
            name="given_name", type="name", label=N_("First name"), autocomplete="given-name"
        ),
        StandardField(
            name="family_name", type="name", label=N_("Last name"), autocomplete="family-name"
        ),
        StandardField(
            name="email",
            type="email",
            label=N_("E-mail"),
            hint=N_("We send you one message with a button to confirm."),
            autocomplete="email",
            inputmode="email",
            max=254,
        ),
        StandardField(
            name="country", type="country", label=N_("Country"), autocomplete="country", max=2
        ),
        StandardField(
            name="postcode",
            type="postcode",
            label=N_("Postcode"),
            autocomplete="postal-code",
            max=12,
        ),
        StandardField(
            name="phone",
            type="phone",
            label=N_("Phone"),
            hint=N_("With the country code, like +44 20 7946 0000."),
            autocomplete="tel",
            inputmode="tel",
            max=40,
        ),
        StandardField(name="comment", type="text", label=N_("Your comment"), max=COMMENT_MAX),
    )
}


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of action. Words are marked with `N_`; templates are under `templates`.

    `always` are the fields a page of this kind cannot do without; `may` are those an organiser can
    add. `unit_one` and `unit_many` follow a number: "1 person has signed".
    """

    name: str
    label: str
    heading: str
    button: str
    invitation: str
    unit_one: str
    unit_many: str
    nobody_yet: str
    always: tuple[str, ...]
    may: tuple[str, ...]
    templates: Path

    @property
    def ask_template(self) -> str:
        """The template that shows what one puts one's name to."""
        return f"kinds/{self.name}/ask.html"

    def fields(self, *, asked: dict[str, bool]) -> tuple[FieldSpec, ...]:
        """The wire's fields for what a page asks, in our order. `asked` maps a name to required.

        A field this kind does not know is left out; one it cannot do without is always required.
        """
        return tuple(
            FieldSpec(
                name=field.name,
                type=field.type,
                required=field.name in self.always or asked[field.name],
                max=field.max,
            )
            for field in FIELDS.values()
            if field.name in self.always or (field.name in self.may and field.name in asked)
        )
