"""One call, step by step. Where it stands is in the address Twilio asks, so nothing is held here.

start/N     say who rings, and ask for the key 1, for the Nth time
pressed/N   a key was pressed: connect with the first
next/I      the call to callee I is over: note it, connect with the one after
status      Twilio is done with the supporter's telephone: note it
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from groundswell.base import ids, wire
from groundswell.base.tickets import Ticket
from groundswell.intake.voice import twiml

TRIES: Final = 2
END: Final = "end"
ENDED: Final = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
DIALLED: Final = ENDED | {"answered"}


class Turn(NamedTuple):
    """What we answer, and what is to be safe in the journal before we do."""

    twiml: bytes
    submission: wire.Submission | None = None


class Asked(NamedTuple):
    """A request whose signature and ticket are good: the step, its number and the form."""

    ticket: Ticket
    token: str
    step: str
    number: int
    form: Mapping[str, str]
    at: int

    def address(self, step: str, number: int) -> str:
        """Where Twilio is to go on."""
        return f"/voice/{self.token}/{step}/{number}"


def take(asked: Asked) -> Turn | None:
    """The answer to a step; None for one that we never named."""
    match asked.step:
        case "start" if asked.number < TRIES:
            return Turn(_start(asked, asked.number))
        case "pressed" if asked.number < TRIES:
            return Turn(_pressed(asked))
        case "next" if asked.number < len(asked.ticket.callees):
            return _next(asked)
        case "status" if asked.number == 0:
            return _status(asked)
    return None


def _start(asked: Asked, tries: int) -> bytes:
    if tries >= TRIES:
        return _goodbye(asked.ticket)
    said = asked.ticket.said
    words = said.greeting if tries == 0 else said.again
    again = asked.address("start", tries + 1) if tries + 1 < TRIES else ""
    return twiml.response(
        twiml.ask_for_a_key(words, lang=asked.ticket.lang, action=asked.address("pressed", tries)),
        *([twiml.go_to(again)] if again else _farewell(asked.ticket)),
    )


def _pressed(asked: Asked) -> bytes:
    if asked.form.get("Digits") == "1":
        return _connect(asked, 0)
    return _start(asked, asked.number + 1)


def _connect(asked: Asked, number: int) -> bytes:
    ticket = asked.ticket
    if number >= len(ticket.callees):
        return _goodbye(ticket)
    callee = ticket.callees[number]
    return twiml.response(
        twiml.say(ticket.said.connecting.replace("{name}", callee.name), lang=ticket.lang),
        twiml.dial(callee.number, caller=ticket.number, action=asked.address("next", number)),
    )


def _next(asked: Asked) -> Turn | None:
    status = asked.form.get("DialCallStatus", "")
    if status not in DIALLED:
        return None
    callee = asked.ticket.callees[asked.number]
    seconds = asked.form.get("DialCallDuration", "")
    told = _submission(asked, f"next/{asked.number}", callee.key, status, seconds)
    return Turn(_connect(asked, asked.number + 1), told)


def _status(asked: Asked) -> Turn | None:
    status = asked.form.get("CallStatus", "")
    if status not in ENDED:
        return Turn(twiml.response())
    seconds = asked.form.get("CallDuration", "")
    return Turn(twiml.response(), _submission(asked, END, "", status, seconds))


def _submission(asked: Asked, step: str, target: str, status: str, seconds: str) -> wire.Submission:
    """What happened, as core drains it. Told again, it is the same submission."""
    ticket = asked.ticket
    known = seconds if seconds.isdecimal() and seconds.isascii() and len(seconds) < 6 else "0"
    fields = {"bridge": ticket.bridge.hex(), "step": step, "status": status, "seconds": known}
    return wire.Submission(
        id=ids.submission_id(page=ticket.page, key=b"voice|" + ticket.bridge, body=step.encode()),
        verb="rang",
        page=ticket.page,
        kind="call",
        lang=ticket.lang,
        at=asked.at,
        fields=fields | ({"target": target} if target else {}),
    )


def _goodbye(ticket: Ticket) -> bytes:
    return twiml.response(*_farewell(ticket))


def _farewell(ticket: Ticket) -> list[str]:
    return [twiml.say(ticket.said.goodbye, lang=ticket.lang), twiml.hang_up()]
