"""Which submissions belong to a rehearsal: those that carry a pass the operator has signed.

A wrong pass is refused, never ignored: what was sent as a rehearsal must not count as a signature.
"""

from pathlib import Path
from typing import Final

from groundswell.base import clock, keyring, passes
from groundswell.base.clock import Clock
from groundswell.base.errors import Refused

MAX_REMEMBERED: Final = 64


class Passes:
    """The passes seen lately. It belongs to the event loop."""

    def __init__(self, keys: Path, now: Clock = clock.now) -> None:
        self._keys = keys
        self._now = now
        self._known: dict[str, passes.Pass] = {}

    def run(self, token: str, *, verb: str) -> str:
        """The rehearsal that a token is for. Raises Refused when it is none, over, or for this.

        Only signing is rehearsed: whatever else is sent is about somebody who has signed.
        """
        one = self._known.get(token) or self._read(token)
        if one is None or verb != "sign" or one.until < clock.to_ms(self._now()):
            raise Refused("rehearsal_over", status=403)
        return one.run

    def _read(self, token: str) -> passes.Pass | None:
        try:
            public = keyring.rehearsal_public(self._keys)
        except keyring.KeyFileError:  # an installation that `groundswell prepare` has not seen yet
            return None
        one = passes.read(token, public=public)
        if one is not None:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            self._known[token] = one
        return one
