"""Which offices take messages by their gateway: their list, asked for now and then."""

import re
import threading
import time
from typing import Final

from groundswell.delivery import outgoing
from groundswell.delivery.channels.channel import CannotTell
from groundswell.delivery.channels.cwc import gateway
from groundswell.delivery.channels.cwc.gateway import Gateway
from groundswell.delivery.post import ServerDown

SECONDS: Final = 5.0
LASTS_SECONDS: Final = 3600.0
AGAIN_SECONDS: Final = 60.0  # with a gateway that is away nobody waits more often than that
_CODE: Final = re.compile(r"\b(?:H[A-Z]{2}\d{2}|S[A-Z]{2}0[1-3])\b")


class Offices:
    """The lists, remembered for an hour. Whatever a list's format, the office codes are read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lists: dict[str, tuple[float, frozenset[str] | ServerDown]] = {}

    def has(self, place: Gateway, office: str) -> bool:
        """Whether the office is on its chamber's list; yes where there is no list.

        Raises ServerDown when the list cannot be had.
        """
        if not place.offices:
            return True
        known = self._known(place)
        if isinstance(known, ServerDown):
            raise ServerDown(str(known))
        return office in known

    def _known(self, place: Gateway) -> frozenset[str] | ServerDown:
        with self._lock:
            until, known = self._lists.get(place.offices_url(), (0.0, ServerDown()))
            if time.monotonic() >= until:
                known = _fetched(place)
                lasts = AGAIN_SECONDS if isinstance(known, ServerDown) else LASTS_SECONDS
                self._lists[place.offices_url()] = (time.monotonic() + lasts, known)
        return known


def _fetched(place: Gateway) -> frozenset[str] | ServerDown:
    name = f"the {place.chamber}'s list of offices"
    try:
        reply = outgoing.ask("GET", place.offices_url(), headers={"Accept": "*/*"}, seconds=SECONDS)
    except (CannotTell, ServerDown) as error:
        return ServerDown(f"{name}: {error}")
    codes = frozenset(_CODE.findall(reply.body))
    if reply.status != 200 or not codes or not reply.whole:
        return ServerDown(f"{name}: {reply.status}, not a whole list")
    return codes


def takes(office: str, *, lists: Offices | None = None) -> bool:
    """Whether a letter to this office could go by its gateway. Asks the network once an hour."""
    place = gateway.of(office) if _CODE.fullmatch(office) else None
    if place is None:
        return False
    try:
        return (lists or SHARED).has(place, office)
    except ServerDown:
        return True  # it waits for them, as letters do


SHARED: Final = Offices()
