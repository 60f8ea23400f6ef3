"""The shape of a mailbox. Nothing in it is ever thrown away unread."""

from collections.abc import Iterator
from typing import Final, NamedTuple, Protocol

# Of a larger mail the beginning is read, where what we look for is.
MOST_BYTES: Final = 1 << 20


class Mail(NamedTuple):
    """A mail's name in its mailbox and its bytes, or the first MiB of them if it `is_cut`."""

    name: str
    raw: bytes
    is_cut: bool


class Mailbox(Protocol):
    """Where the mail is. Raises ServerDown when it cannot be reached."""

    def mails(self, limit: int) -> Iterator[Mail]:
        """What is there, the oldest first; each is to be finished before the next is asked for."""
        ...

    def done(self, name: str) -> None:
        """All of it is in the database: take it away."""
        ...

    def keep(self, name: str, folder: str) -> None:
        """Put it into a folder beside, where an operator finds it."""
        ...

    def close(self) -> None: ...
