"""What our mails say. Plain paragraphs: two layouts, text and HTML, show the same words."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

import msgspec
from django.utils.translation import gettext as _

Template = Literal["confirm", "reminder", "already_signed", "letters", "copy"]


class Link(msgspec.Struct, frozen=True):
    """A link beside a letter."""

    label: str
    url: str


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One letter in a mail: to whom, what to do, its words, links."""

    heading: str = ""
    line: str = ""
    text: str = ""
    links: tuple[Link, ...] = ()


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One mail, before layout. `button` labels the link that the mail is about."""

    subject: str
    opening: str
    lines: tuple[str, ...]
    button: str = ""
    after: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    disown: str = ""


class About(msgspec.Struct, frozen=True):
    """What a mail speaks of. `title` may be empty: the page can be gone."""

    title: str
    site: str
    days: int
    kind: str = "petition"
    parts: tuple[Part, ...] = ()


def words(template: Template, about: About) -> Words:
    """The words of a mail in the language that is active."""
    by_kind = _OF_KIND.get(about.kind, {})
    return (by_kind.get(template) or _WORDS[template])(about)


def _confirm(about: About) -> Words:
    return Words(
        subject=_with_title(_("Please confirm your signature"), about),
        opening=_("Thank you for signing!"),
        lines=(
            *_signed(about),
            _("One step is left: press the button to confirm it was you. Only then does it count."),
        ),
        button=_("Confirm my signature"),
        after=(_("The link works for %(days)s days.") % {"days": about.days},),
    )


def _reminder(about: About) -> Words:
    return Words(
        subject=_with_title(_("Your signature is waiting for you"), about),
        opening=_("Your signature does not count yet."),
        lines=(
            *_signed(about),
            _("We wrote to you, and you have not confirmed it. One press of the button is enough."),
        ),
        button=_("Confirm my signature"),
        after=(_("We will not remind you again."),),
    )


def _already_signed(about: About) -> Words:
    return Words(
        subject=_with_title(_("Your signature counts already"), about),
        opening=_("You have signed this already."),
        lines=(
            *_signed(about),
            _(
                "Your first signature is confirmed and counts. Each address counts once, so there"
                " is nothing you need to do."
            ),
        ),
    )


def _confirm_letter(about: About) -> Words:
    return Words(
        subject=_with_title(_("Please confirm your letter"), about),
        opening=_("Thank you for writing!"),
        lines=(
            *_wrote(about),
            _(
                "One step is left: press the button to confirm it was you. Only then does it go"
                " out."
            ),
        ),
        button=_("Send my letter"),
        after=(_("The link works for %(days)s days.") % {"days": about.days},),
        disown=_("I did not write this"),
    )


def _remind_letter(about: About) -> Words:
    return Words(
        subject=_with_title(_("Your letter is waiting for you"), about),
        opening=_("Your letter has not gone out yet."),
        lines=(
            *_wrote(about),
            _("We wrote to you, and you have not confirmed it. One press of the button is enough."),
        ),
        button=_("Send my letter"),
        after=(_("We will not remind you again."),),
        disown=_("I did not write this"),
    )


def _already_written(about: About) -> Words:
    return Words(
        subject=_with_title(_("You have written already"), about),
        opening=_("Your first letter counts, and goes out."),
        lines=(
            *_wrote(about),
            _(
                "Each address writes once, so this second letter stays here and there is nothing"
                " you need to do."
            ),
        ),
        disown=_("I did not write this"),
    )


def _confirm_call(about: About) -> Words:
    return Words(
        subject=_with_title(_("Please confirm your e-mail address"), about),
        opening=_("Thank you for calling!"),
        lines=(
            *_called(about),
            _("Your call counts already. Press the button if this address is yours."),
        ),
        button=_("Yes, this is my address"),
        after=(_("The link works for %(days)s days.") % {"days": about.days},),
        disown=_("That was not me"),
    )


def _letters(about: About) -> Words:
    return Words(
        subject=_with_title(_("What is left to do for your letter"), about),
        opening=_("A last step that only you can take"),
        lines=(
            *_wrote(about),
            _(
                "Some offices take letters only through their own form or on paper. Below is what"
                " you wrote, and how it gets there."
            ),
        ),
        parts=about.parts,
        disown=_("I did not write this"),
    )


def _copy(about: About) -> Words:
    return Words(
        subject=_with_title(_("A copy of your letter"), about),
        opening=_("Your letter has been taken in"),
        lines=(
            *_wrote(about),
            _(
                "You asked for a copy. The offices below have taken your letter in; that does not"
                " say yet that somebody has read it."
            ),
        ),
        parts=about.parts,
        disown=_("I did not write this"),
    )


def _wrote(about: About) -> tuple[str, ...]:
    if not about.title:
        return (_("This address was used to write a letter on %(site)s.") % {"site": about.site},)
    return (
        _("This address was used to write a letter for “%(title)s” on %(site)s.")
        % {"title": about.title, "site": about.site},
    )


def _called(about: About) -> tuple[str, ...]:
    if not about.title:
        return (_("This address was given with a call on %(site)s.") % {"site": about.site},)
    return (
        _("This address was given with a call for “%(title)s” on %(site)s.")
        % {"title": about.title, "site": about.site},
    )


def _signed(about: About) -> tuple[str, ...]:
    if not about.title:
        return (_("This address was used to sign on %(site)s.") % {"site": about.site},)
    return (
        _("This address was used to sign “%(title)s” on %(site)s.")
        % {"title": about.title, "site": about.site},
    )


def _with_title(subject: str, about: About) -> str:
    return f"{subject}: {about.title}" if about.title else subject


_WORDS: Final[dict[Template, Callable[[About], Words]]] = {
    "confirm": _confirm,
    "reminder": _reminder,
    "already_signed": _already_signed,
    "letters": _letters,
    "copy": _copy,
}
_OF_KIND: Final[Mapping[str, Mapping[Template, Callable[[About], Words]]]] = {
    "letter": {
        "confirm": _confirm_letter,
        "reminder": _remind_letter,
        "already_signed": _already_written,
    },
    "call": {"confirm": _confirm_call, "reminder": _confirm_call},
}
