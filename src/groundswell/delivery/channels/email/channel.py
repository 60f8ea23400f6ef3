"""The channel `email`: each thread that sends has a connection of its own."""

import threading

from groundswell.base import env
from groundswell.base.letter import Letter
from groundswell.delivery.channels.channel import Accepted
from groundswell.delivery.channels.email.line import Line
from groundswell.delivery.channels.email.message import build


class Email:
    """Letters through the operator's mail server, apart from the mails to supporters."""

    name = "email"
    repeats = False
    paced = True

    def __init__(self) -> None:
        self._mine = threading.local()

    def connections(self) -> int:
        return env.load().letters_connections

    def send(self, letter: Letter, /) -> Accepted:
        """Hand it to the mail server. Raises as `Channel.send` says."""
        message = build(letter)
        if not hasattr(self._mine, "line"):
            self._mine.line = Line()
        line: Line = self._mine.line
        return line.deliver(message)

    def close(self) -> None:
        if hasattr(self._mine, "line"):
            self._mine.line.close()
