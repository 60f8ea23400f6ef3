"""One connection to the mail server over which letters go, spoken command by command.

So the server's own words can be kept, and it is known how far a conversation had come when it broke
off: before the final dot a server has taken nothing, after it only its answer tells.
"""

import re
import select
import smtplib
import socket
from typing import Final

from groundswell.base.errors import SendFailed
from groundswell.delivery.channels.channel import Accepted, CannotTell
from groundswell.delivery.channels.email.message import Message
from groundswell.delivery.post import Post, ServerDown

LOOK_MS: int = 0  # no letter waits for a server that might hang up
_DOT: Final = re.compile(rb"^\.", re.MULTILINE)
NO_UTF8: Final = "our mail server cannot write to addresses with such letters (no SMTPUTF8)"


class Line(Post):
    """A Post for letters."""

    def deliver(self, message: Message) -> Accepted:
        """Returns when the server has taken the message; raises as `Channel.send` does."""
        connection = self._connected()
        if message.utf8 and not connection.has_extn("smtputf8"):
            raise SendFailed(NO_UTF8, permanent=True)
        try:
            self._offer(connection, message)
            _hand(connection, message.data)
        except (smtplib.SMTPException, OSError) as error:
            raise self._lost(error) from None
        return self._verdict(connection)

    def _connected(self) -> smtplib.SMTP:
        connection = self._open().connection
        if connection is None:
            raise ServerDown("no connection")
        return connection

    def _offer(self, connection: smtplib.SMTP, message: Message) -> None:
        code, words = connection.mail(message.sender, _options(connection, message))
        if code != 250:
            # About us, not about this letter: nobody else's would fare better.
            self.close()
            raise ServerDown(f"MAIL refused: {code}")
        code, words = connection.rcpt(message.recipient)
        if code in {250, 251}:
            connection.putcmd("DATA")
            code, words = connection.getreply()
            if code == 354:
                return
        self._refused(connection, code, words)

    def _verdict(self, connection: smtplib.SMTP) -> Accepted:
        try:
            code, words = connection.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise CannotTell(type(error).__name__) from None
        if code != 250:
            self._refused(connection, code, words)
        self._proven = True
        return Accepted(words=_said(code, words))

    def _refused(self, connection: smtplib.SMTP, code: int, words: bytes) -> None:
        if code == 421:
            raise self._closing(_said(code, words))
        self._proven = True
        try:
            connection.rset()
        except (smtplib.SMTPException, OSError):
            self.close()
        raise SendFailed(_said(code, words), permanent=code >= 500)

    def _lost(self, error: Exception) -> Exception:
        proven = self._proven
        trouble = self._broken(error)
        if not proven or not isinstance(trouble, ServerDown):
            return trouble
        return SendFailed("the connection broke before they had the letter", permanent=False)


def _hand(connection: smtplib.SMTP, data: bytes) -> None:
    """Send the text, then the final dot by itself: if either fails, the dot has not left."""
    assert connection.sock is not None  # noqa: S101  it has just said 354
    # Otherwise the dot would wait until the text is acknowledged, which they delay.
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.send(_DOT.sub(b"..", data))
    if _has_hung_up(connection.sock):
        raise smtplib.SMTPServerDisconnected("cut in the middle of the letter")
    connection.send(b".\r\n")


def _has_hung_up(sock: socket.socket) -> bool:
    """Asked of the kernel and not by reading, which TLS would not allow."""
    poll = select.poll()
    poll.register(sock, getattr(select, "POLLRDHUP", 0))
    return bool(poll.poll(LOOK_MS))


def _options(connection: smtplib.SMTP, message: Message) -> list[str]:
    options = ["SMTPUTF8", "BODY=8BITMIME"] if message.utf8 else []
    if connection.has_extn("size"):
        options.append(f"size={len(message.data)}")
    return options


def _said(code: int, words: bytes) -> str:
    return f"{code} {words.decode('utf-8', 'replace')}"
