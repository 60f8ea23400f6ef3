"""Words for where a letter is, how it went out, and what callers told."""

from typing import Final

from django.utils.translation import gettext_lazy, pgettext_lazy

STATES: Final = {
    "queued": pgettext_lazy("a letter", "Waiting to go out"),
    "sending": pgettext_lazy("a letter", "Going out now"),
    "held": pgettext_lazy("a letter", "Held back"),
    "accepted": pgettext_lazy("a letter", "Accepted"),
    "bounced": pgettext_lazy("a letter", "Came back"),
    "failed": pgettext_lazy("a letter", "Could not be delivered"),
    "withdrawn": pgettext_lazy("a letter", "Taken back by its sender"),
    "with_supporter": pgettext_lazy("a letter", "With the supporter"),
    "opened": pgettext_lazy("a letter", "Official form opened"),
    "says_sent": pgettext_lazy("a letter", "Supporter says sent"),
}
STEPS: Final = {
    **STATES,
    "deferred": pgettext_lazy("a letter", "Put off, tried again later"),
    "batched": pgettext_lazy("a letter", "Went out together with the same text of others"),
}
CHANNELS: Final = {
    "email": gettext_lazy("E-mail"),
    "cwc": gettext_lazy("Communicating with Congress"),
    "print": gettext_lazy("Print and post"),
    "form": gettext_lazy("The office's own form"),
    "webhook": gettext_lazy("Webhook"),
    "mailto": gettext_lazy("The supporter's own mail"),
}
OUTCOMES: Final = {
    "reached": pgettext_lazy("a call", "Reached staff"),
    "voicemail": pgettext_lazy("a call", "Voicemail"),
    "busy": pgettext_lazy("a call", "Busy"),
    "wrong_number": pgettext_lazy("a call", "Wrong number"),
    "connected": pgettext_lazy("a call", "Connected by us"),
    "bridge_busy": pgettext_lazy("a call", "Rung by us: busy"),
    "bridge_no_answer": pgettext_lazy("a call", "Rung by us: no answer"),
    "bridge_failed": pgettext_lazy("a call", "Rung by us: did not get through"),
}
_BY: Final = {
    "supporter": gettext_lazy("the supporter"),
    "core": gettext_lazy("Groundswell"),
}


def state(code: str) -> str:
    """Where a letter is, in words."""
    return str(STATES.get(code, code))


def step(code: str) -> str:
    """What happened to a letter, in words."""
    return str(STEPS.get(code, code))


def channel(code: str) -> str:
    """How a letter goes out, in words."""
    return str(CHANNELS.get(code, code))


def by(name: str) -> str:
    """Who did it: the supporter, Groundswell itself, or an organiser's name."""
    return str(_BY.get(name, name))
