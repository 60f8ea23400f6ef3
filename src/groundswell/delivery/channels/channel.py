"""The shape of a channel."""

from typing import Protocol

import msgspec

from groundswell.base.errors import SendFailed
from groundswell.base.letter import Letter


class Accepted(msgspec.Struct, frozen=True):
    """The other side has taken the letter: its name for it, if it gave one, and its words."""

    reference: str = ""
    words: str = ""


class CannotTell(SendFailed):
    """The try broke off when the other side may have had the whole letter. Says what happened."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, permanent=False)


class Channel(Protocol):
    """How letters are sent. Called from several threads at once, each letter from one of them.

    `repeats`: the other side knows a repeated letter by its key, so a second try does no harm.
    `paced`: letters to one target leave no faster than the settings say.
    """

    @property
    def name(self) -> str: ...

    @property
    def repeats(self) -> bool: ...

    @property
    def paced(self) -> bool: ...

    def connections(self) -> int:
        """How many letters may be under way at once."""
        ...

    def send(self, letter: Letter, /) -> Accepted:
        """Returns when the other side has taken the letter.

        Raises SendFailed for this letter's own failure, with their words; CannotTell; ServerDown
        (`delivery.post`) when they take none at present; NoRoom when not over this connection.
        """
        ...

    def close(self) -> None:
        """Let go of what this thread holds open."""
        ...
