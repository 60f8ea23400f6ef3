"""The shape of a kind: what sets a petition apart from a letter, on the page and on the wire."""

from pathlib import Path
from typing import Final, Literal

import msgspec

from groundswell.base.wire import FieldSpec, FieldType
from groundswell.kinds.congress import PREFIXES, US_STATES


def N_(text: str) -> str:  # noqa: N802  the mark that text extractors know
    """Mark words for the catalogue. They are translated where a page is made, not here."""
    return text


NAME_MAX: Final = 200
ROLE_MAX: Final = 120
COMMENT_MAX: Final = 2000
SUBJECT_MAX: Final = 500
BODY_MAX: Final = 10_000
KEY_MAX: Final = 120
# What may become of a call, by the caller's own word.
OUTCOMES: Final = ("reached", "voicemail", "busy", "wrong_number")
OUTCOME_WORDS: Final = {
    "reached": N_("I spoke to somebody"),
    "voicemail": N_("I left a message"),
    "busy": N_("It was busy"),
    "wrong_number": N_("Wrong number"),
}


class StandardField(msgspec.Struct, frozen=True, kw_only=True):
    """A field every kind may ask for. `label` and `hint` are marked, not yet translated."""

    name: str
    type: FieldType
    label: str
    hint: str = ""
    autocomplete: str = "off"
    inputmode: str = ""
    max: int = NAME_MAX
    choices: tuple[str, ...] = ()


FIELDS: Final[dict[str, StandardField]] = {
    field.name: field
    for field in (
        StandardField(
            name="prefix",
            type="choice",
            label=N_("Form of address"),
            hint=N_("The offices of Congress take these five only. We never choose for you."),
            autocomplete="honorific-prefix",
            choices=PREFIXES,
        ),
        StandardField(
            name="given_name", type="name", label=N_("First name"), autocomplete="given-name"
        ),
        StandardField(
            name="family_name", type="name", label=N_("Last name"), autocomplete="family-name"
        ),
        StandardField(
            name="role",
            type="line",
            label=N_("Your role or profession"),
            hint=N_("As it should stand beside your name, like: nurse, Leeds."),
            autocomplete="organization-title",
            max=ROLE_MAX,
        ),
        StandardField(
            name="affiliation",
            type="line",
            label=N_("Your organisation"),
            autocomplete="organization",
            max=ROLE_MAX,
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
            name="street",
            type="line",
            label=N_("Street and number"),
            hint=N_("Offices answer those who live where they are elected."),
            autocomplete="street-address",
        ),
        StandardField(
            name="city", type="line", label=N_("Town"), autocomplete="address-level2", max=100
        ),
        StandardField(
            name="region",
            type="choice",
            label=N_("State"),
            autocomplete="address-level1",
            choices=tuple(US_STATES),
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
        StandardField(
            name="copy", type="check", label=N_("Send me a copy once it is on its way"), max=8
        ),
        StandardField(name="target", type="target", label=N_("Whom did you call?"), max=KEY_MAX),
        StandardField(name="outcome", type="choice", label=N_("What happened?"), choices=OUTCOMES),
    )
}


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What the pages around a form say, marked with `N_`. `%(title)s` is the page's own title."""

    note: str
    thanks: str
    thanks_next: str
    slow: str = ""
    confirm_title: str
    confirm: str
    confirm_button: str
    confirmed: str
    withdraw_title: str
    withdraw: str
    withdraw_button: str
    withdrawn: str
    again: str
    first: str
    share: str


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of action. Words are marked with `N_`; templates are under `templates`.

    `always` are the fields a page of this kind cannot do without; `may` are those an organiser can
    add. `unit_one` and `unit_many` follow a number: "1 person has signed". `counts` says which of
    its totals that number is: those confirmed by e-mail, or all that came in.
    """

    name: str
    label: str
    heading: str
    button: str
    invitation: str
    unit_one: str
    unit_many: str
    nobody_yet: str
    words: "Words"
    counts: Literal["confirmed", "collected"] = "confirmed"
    page: str = "action"
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
                choices=field.choices,
            )
            for field in FIELDS.values()
            if field.name in self.always or (field.name in self.may and field.name in asked)
        )
