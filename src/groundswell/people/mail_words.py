"""What our mails say. Plain paragraphs: two layouts, text and HTML, show the same words."""

from collections.abc import Callable
from typing import Final, Literal

import msgspec
from django.utils.translation import gettext as _

Template = Literal["confirm", "reminder", "already_signed"]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One mail, before layout. `button` labels the link that the mail is about."""

    subject: str
    opening: str
    lines: tuple[str, ...]
    button: str = ""
    after: tuple[str, ...] = ()


class About(msgspec.Struct, frozen=True):
    """What a mail speaks of. `title` may be empty: the page can be gone."""

    title: str
    site: str
    days: int


def words(template: Template, about: About) -> Words:
    """The words of a mail in the language that is active."""
    return _WORDS[template](about)


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
}
