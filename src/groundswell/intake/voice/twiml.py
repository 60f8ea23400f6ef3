"""TwiML: the few words of it that we speak. Whatever goes in is text, and comes out as text."""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

# How Twilio calls the languages of our pages, and a voice for those its usual one does not speak.
VOICES: Final = {
    "ar": 'language="arb" voice="Polly.Zeina"',
    "de": 'language="de-DE"',
    "en": 'language="en-GB"',
    "es": 'language="es-ES"',
    "fr": 'language="fr-FR"',
}
LONGEST_SECONDS: Final = 20 * 60
RING_SECONDS: Final = 30
KEY_SECONDS: Final = 8


def response(*verbs: str) -> bytes:
    """The document that these verbs make."""
    inside = "".join(verbs)
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'.encode()


def say(text: str, *, lang: str) -> str:
    voice = VOICES.get(lang.partition("-")[0], VOICES["en"])
    return f"<Say {voice}>{escape(_printable(text))}</Say>"


def ask_for_a_key(text: str, *, lang: str, action: str) -> str:
    """Say something and wait for one key. A voicemail presses none."""
    return (
        f'<Gather input="dtmf" numDigits="1" timeout="{KEY_SECONDS}" method="POST"'
        f" action={quoteattr(action)}>{say(text, lang=lang)}</Gather>"
    )


def dial(number: str, *, caller: str, action: str) -> str:
    """Connect with a number; the star key ends that call and leads on to `action`."""
    return (
        f'<Dial callerId={quoteattr(caller)} timeLimit="{LONGEST_SECONDS}"'
        f' timeout="{RING_SECONDS}" hangupOnStar="true" method="POST"'
        f" action={quoteattr(action)}><Number>{escape(number)}</Number></Dial>"
    )


def go_to(address: str) -> str:
    return f'<Redirect method="POST">{escape(address)}</Redirect>'


def hang_up() -> str:
    return "<Hangup/>"


def _printable(text: str) -> str:
    # XML has no way at all to write a control character.
    return "".join(sign if sign.isprintable() else " " for sign in text)
