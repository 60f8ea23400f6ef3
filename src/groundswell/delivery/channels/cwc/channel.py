"""Letters to the US Congress, one message each to the office's gateway."""

from groundswell.base.errors import SendFailed
from groundswell.base.letter import Letter
from groundswell.delivery import closing, outgoing
from groundswell.delivery.channels.channel import Accepted
from groundswell.delivery.channels.cwc import gateway, message, offices, rules, writer
from groundswell.delivery.channels.cwc.gateway import Gateway
from groundswell.delivery.outgoing import Reply
from groundswell.delivery.post import ServerDown

CONNECTIONS = 4


class Cwc:
    """The channel. A repeated DeliveryId is refused there, so a second try does no harm."""

    name = "cwc"
    repeats = True
    paced = False  # the gateways have a pace of their own, and offices ask for no other

    def __init__(self) -> None:
        self._paces = {"House": gateway.Pace(), "Senate": gateway.Pace()}

    def connections(self) -> int:
        """Enough to keep their pace, however long an answer takes."""
        return CONNECTIONS

    def send(self, letter: Letter) -> Accepted:
        """One message. What our own rules refuse does not leave: SendFailed names every field."""
        place = _place(letter)
        if letter.together:
            # Each constituent writes for themself; the others would be lost.
            raise SendFailed("letters to Congress cannot go together", permanent=True)
        made = message.of(letter)
        broken = rules.check(made.message, division=letter.division)
        if broken:
            raise SendFailed("; ".join(map(str, broken)), permanent=True)
        try:
            reply = self._posted(place, letter.cwc_office, writer.write(made.message))
        except ServerDown as error:
            # One chamber's trouble must not stop the letters to the other.
            raise SendFailed(str(error), permanent=False) from None
        personal = (*closing.said_elsewhere(letter), letter.given_name, letter.family_name)
        accepted = gateway.understood(
            reply, secrets=(place.key, *personal), reference=made.message.delivery_id
        )
        return Accepted(accepted.reference, "; ".join(filter(None, (*made.notes, accepted.words))))

    def _posted(self, place: Gateway, office: str, xml: bytes) -> Reply:
        if not offices.SHARED.has(place, office):
            raise SendFailed(f"{office} is not on the list of offices", permanent=True)
        self._paces[place.chamber].wait()
        kind = {"Content-Type": "application/xml", "Accept": "application/xml"}
        return outgoing.ask("POST", place.message_url(), body=xml, headers=kind)

    def close(self) -> None:
        """Each message has a connection of its own."""


def is_on() -> bool:
    """Whether the settings name either chamber's gateway."""
    return any(gateway.of(chamber) is not None for chamber in ("H", "S"))


def _place(letter: Letter) -> Gateway:
    place = gateway.of(letter.cwc_office)
    if place is None:
        off = "the gateway is switched off: its address, key or contact is not set"
        raise SendFailed(off, permanent=False) if is_on() else ServerDown(off)
    if gateway.quiet():
        raise ServerDown("the gateway is closed at this hour")
    return place
