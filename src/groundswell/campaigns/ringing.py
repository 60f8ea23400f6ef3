"""The offer to ring supporters and connect them: its words, and on which pages it is made."""

from typing import Final

from django.utils import translation
from django.utils.translation import gettext_noop

from groundswell.base import env, ids
from groundswell.campaigns.models import CallPage

PURPOSE: Final = "ring"
# Whoever changes a word of it makes a new version; each that was shown is kept.
CONSENT: Final = gettext_noop(
    "Yes, ring me now at this number and connect me. My number goes to Twilio, which makes the "
    "call. It is deleted here as soon as it is dialled."
)


def is_offered(page: CallPage) -> bool:
    """Whether a page's supporters can be rung: the organiser wants it and the operator can."""
    return bool(page.offer_ring) and env.load().offers_ring


def consent(lang: str) -> str:
    """The consent's text in a language."""
    with translation.override(lang):
        return translation.gettext(CONSENT)


def version(lang: str) -> str:
    """The name of that text as it is now."""
    return ids.text_version(purpose=PURPOSE, text=consent(lang))
