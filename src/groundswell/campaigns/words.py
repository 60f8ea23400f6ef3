"""Codes to words: what a supporter reads when something is wrong, in the page's language."""

from typing import Final

from django.utils import translation
from django.utils.translation import gettext_noop

FIELD_WORDS: Final[dict[str, str]] = {
    "required": gettext_noop("Please fill this in."),
    "too_long": gettext_noop("This is too long: {limit} characters at most."),
    "too_short": gettext_noop("This is too short: {limit} characters at least."),
    "not_a_name": gettext_noop("Please write your name here, without web addresses or formulas."),
    "line_break": gettext_noop("Please write this on one line."),
    "control_character": gettext_noop("There is a character in here that cannot be read."),
    "email_syntax": gettext_noop(
        "Please check this address. It should look like name@example.org."
    ),
    "phone_syntax": gettext_noop("Please check this number. It should look like +44 20 7946 0000."),
    "postcode_syntax": gettext_noop("Please check this postcode."),
    "unknown_country": gettext_noop("Please choose a country from the list."),
    "unknown_choice": gettext_noop("Please choose one of the answers."),
    "consent_required": gettext_noop("Please tick this box: it cannot be done without it."),
    "one_value": gettext_noop("This came twice. Please give one answer."),
    "unknown_field": gettext_noop("This page does not ask for that."),
    "not_text": gettext_noop("This should be text."),
    "choose_one": gettext_noop("Please choose who represents you where you live."),
    "unknown_postcode": gettext_noop(
        "We cannot tell from this postcode who represents you. Please choose where you live."
    ),
    "postcode_short": gettext_noop(
        "A digit is missing: it has {limit}. If yours begins with 0, please type the 0 too."
    ),
    "other_region": gettext_noop("This postcode lies in another state. Please check both."),
    "map_expired": gettext_noop(
        "The list of who represents whom is being renewed. Please choose where you live."
    ),
    "seat_vacant": gettext_noop(
        "The seat for where you live is empty at the moment, so there is nobody to write to."
    ),
}
REQUEST_WORDS: Final[dict[str, str]] = {
    "invalid": gettext_noop("Something is missing or needs a second look."),
    "bad_request": gettext_noop("We could not read what was sent. Please try again."),
    "bad_encoding": gettext_noop("We could not read the letters that were sent."),
    "not_found": gettext_noop("There is nothing here."),
    "method_not_allowed": gettext_noop("This page cannot be used in that way."),
    "not_open_yet": gettext_noop("This is not open yet. Please come back later."),
    "closed": gettext_noop("This has closed. Thank you for wanting to take part."),
    "key_reused": gettext_noop(
        "This was sent before with other words. Please load the page again and try once more."
    ),
    "too_large": gettext_noop("This is too long to be sent. Please shorten it."),
    "unsupported_media_type": gettext_noop("We cannot read this kind of message."),
    "timeout": gettext_noop("The connection was too slow. Please try again."),
    "too_many": gettext_noop(
        "Very many people are signing from your network. Please wait a minute and try again."
    ),
    "rehearsal_over": gettext_noop("This rehearsal is over."),
    "busy": gettext_noop(
        "Very many people are signing right now. Please wait a moment and try again."
    ),
    "internal": gettext_noop(
        "The fault is ours and has been noted. Please try again in a little while."
    ),
}
GONE: Final = gettext_noop(
    "There is nothing here, or no longer. Perhaps the first page has what you are looking for."
)
# The whole page, for whoever was turned away before their form could be read.
TURNED_AWAY: Final = gettext_noop(
    "We cannot answer everybody in this moment. If you were sending something, nothing is lost: "
    "go back, your browser has kept what you wrote, and send it again in a few seconds."
)
SUMMARY_TITLE: Final = gettext_noop("Please have another look")
# What the page that comes back says around the choices that the lookup found.
LOOKUP_WORDS: Final[dict[str, str]] = {
    "place:who": gettext_noop("Who represents you?"),
    "place:where": gettext_noop("Where do you live?"),
    "place:choose": gettext_noop("Please choose"),
    "place:elsewhere": gettext_noop("Somewhere else"),
    "place:vacant": gettext_noop("this seat is empty at the moment"),
    "place:changes": gettext_noop(
        "The districts here were redrawn. The new map holds from {date}; until then the people "
        "named here represent you."
    ),
}


def messages(lang: str) -> dict[str, str]:
    """Words for every code, and `summary_title`, as a page spec carries them."""
    return _in(lang, {"summary_title": SUMMARY_TITLE, **FIELD_WORDS, **REQUEST_WORDS})


def lookup_messages(lang: str) -> dict[str, str]:
    """Words around the choices of a `division`, for the page specs that have such a field."""
    return _in(lang, LOOKUP_WORDS)


def _in(lang: str, marked: dict[str, str]) -> dict[str, str]:
    with translation.override(lang):
        return {code: translation.gettext(text) for code, text in marked.items()}
