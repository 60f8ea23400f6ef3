"""The connections to the mail server, kept open while there is mail.

Each has a thread of its own that does nothing but speak with the server: no database there.
"""

import contextlib
import queue
import smtplib
import threading
import time
from collections.abc import Callable
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from groundswell.base import env
from groundswell.base.errors import SendFailed

TIMEOUT_SECONDS: int = 20
IDLE_SECONDS: Final = 20.0  # servers cut an idle connection after half a minute at the earliest
FEWER_SECONDS: Final = 300.0
CLOSE_SECONDS: Final = 2.0


M_contra = TypeVar("M_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)
M = TypeVar("M")
R = TypeVar("R")


class Carrier(Protocol[M_contra, R_co]):
    """Takes messages to the other side, one after the other; a Post, or a channel of letters."""

    def send(self, message: M_contra, /) -> R_co:
        """Returns what they said. Raises as Post.send does."""
        ...

    def close(self) -> None: ...


class ServerDown(Exception):
    """The mail server takes no mail at present, whichever it is. Try again later."""


class NoRoom(Exception):
    """The mail server takes no mail over this connection, which is new. Others may go on."""


class Post:
    """Hands messages to the mail server, one after the other over one connection."""

    def __init__(self) -> None:
        self._backend: EmailBackend | None = None
        self._proven = False

    def send(self, message: EmailMessage) -> None:
        """Returns when the server has taken the message.

        Raises SendFailed for this message's own failure, its reason an SMTP code and never the
        server's sentence, which may quote the address; ServerDown for everybody's; NoRoom when
        the server would not have this connection, and so surely has not taken the message.
        """
        backend = self._open()
        try:
            backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            raise self._failed(next(iter(error.recipients.values()))[0]) from None
        except smtplib.SMTPDataError as error:
            raise self._failed(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise SendFailed("smtp no utf8", permanent=True) from None
        except (smtplib.SMTPException, OSError) as error:
            raise self._broken(error) from None
        except (ValueError, UnicodeError):
            # Django will not put it into a header, and it is right.
            raise SendFailed("bad address", permanent=True) from None
        self._proven = True

    def close(self) -> None:
        """Say good-bye to the server; the next message opens a new connection."""
        backend, self._backend, self._proven = self._backend, None, False
        if backend is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                backend.close()

    def _open(self) -> EmailBackend:
        if self._backend is None:
            self._backend = EmailBackend(timeout=TIMEOUT_SECONDS, **_server())
            try:
                self._backend.open()
                if self._backend.connection:
                    self._backend.connection.ehlo_or_helo_if_needed()
            except (smtplib.SMTPException, OSError) as error:
                self.close()
                raise NoRoom(_in_short(error)) from None
        return self._backend

    def _failed(self, code: int) -> SendFailed | ServerDown | NoRoom:
        if code == 421:
            return self._closing("the server is closing: 421")
        self._proven = True
        return SendFailed(f"smtp {code}", permanent=code >= 500)

    def _broken(self, error: Exception) -> ServerDown | NoRoom:
        if getattr(error, "smtp_code", 0) == 421:
            return self._closing(_in_short(error))
        self.close()
        # It may have taken the mail all the same.
        return ServerDown(_in_short(error))

    def _closing(self, words: str) -> ServerDown | NoRoom:
        proven = self._proven
        self.close()
        return ServerDown(words) if proven else NoRoom(words)


class Answer(NamedTuple, Generic[R]):
    """What became of the message of that key: they have it, and `said` so, or there is an error."""

    key: int
    said: R | None
    error: Exception | None


class Posts(Generic[M, R]):
    """Hands messages over by up to `most()` carriers at once, each in a thread of its own.

    For one thread: it hands out and takes in, and never waits for the server meanwhile. The first
    connection must have carried a mail before there is a second, so that a server that is away is
    asked once. One that will not have as many is left with fewer for a while.
    """

    def __init__(self, make: Callable[[], Carrier[M, R]], most: Callable[[], int]) -> None:
        self._make = make
        self._allowed = most
        self._lanes: list[_Lane[M, R]] = []
        self._answers: queue.SimpleQueue[_Outcome[M, R]] = queue.SimpleQueue()
        self._fewer = 0
        self._fewer_until = 0.0

    def has_room(self) -> bool:
        """Whether a message can be handed over now."""
        return self._idle() is not None or len(self._lanes) < self._most()

    def hand(self, key: int, message: M) -> None:
        """Begin to send a message. Only when there is room."""
        for lane in [*self._lanes]:
            if not lane.busy and time.monotonic() > lane.since + IDLE_SECONDS:
                self._leave(lane)
        lane = self._idle() or _Lane(self._make, self._answers)
        if lane not in self._lanes:
            self._lanes.append(lane)
        lane.hand(key, message)

    def answer(self, seconds: float) -> Answer[R] | None:
        """The next answer, waiting for it up to so many seconds.

        Its error is NoRoom only while another connection can take the message.
        """
        try:
            lane, said, error = self._answers.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None
        lane.busy, lane.since = False, time.monotonic()
        if error is None or isinstance(error, SendFailed):
            lane.proven = True
            return Answer(lane.key, said, error)
        self._leave(lane)
        judged = self._judged(error) if isinstance(error, NoRoom) else error
        return Answer(lane.key, None, judged)

    def close(self) -> None:
        """Say good-bye over all connections; the next message opens a new one."""
        gone, self._lanes = self._lanes, []
        for lane in gone:
            lane.leave()
        until = time.monotonic() + CLOSE_SECONDS
        for lane in gone:
            lane.join(max(0.0, until - time.monotonic()))

    def _idle(self) -> "_Lane[M, R] | None":
        # The first, so that in quiet times the last are those that are closed.
        return next((lane for lane in self._lanes if not lane.busy), None)

    def _most(self) -> int:
        if not any(lane.proven for lane in self._lanes):
            return 1
        most = self._allowed()
        return min(most, self._fewer) if time.monotonic() < self._fewer_until else most

    def _judged(self, error: NoRoom) -> NoRoom | ServerDown:
        if not any(lane.proven for lane in self._lanes):
            return ServerDown(*error.args)
        self._fewer, self._fewer_until = len(self._lanes), time.monotonic() + FEWER_SECONDS
        return error

    def _leave(self, lane: "_Lane[M, R]") -> None:
        self._lanes.remove(lane)
        lane.leave()


class _Outcome(NamedTuple, Generic[M, R]):
    lane: "_Lane[M, R]"
    said: R | None
    error: Exception | None


class _Lane(Generic[M, R]):
    """One carrier with its thread. While `busy`, the message `key` is under way."""

    def __init__(
        self,
        make: Callable[[], Carrier[M, R]],
        answers: "queue.SimpleQueue[_Outcome[M, R]]",
    ) -> None:
        self.key = 0
        self.busy = False
        self.since = time.monotonic()
        self.proven = False
        self._make = make
        self._answers = answers
        self._messages: queue.SimpleQueue[M | None] = queue.SimpleQueue()
        # A daemon: a server that hangs must not keep us from stopping.
        self._thread = threading.Thread(target=self._run, name="mail connection", daemon=True)
        self._thread.start()

    def hand(self, key: int, message: M) -> None:
        self.key, self.busy = key, True
        self._messages.put(message)

    def leave(self) -> None:
        """Say good-bye after the message that is under way."""
        self._messages.put(None)

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _run(self) -> None:
        carrier = self._make()
        while (message := self._messages.get()) is not None:
            said: R | None = None
            error: Exception | None = None
            try:
                said = carrier.send(message)
            except Exception as raised:  # noqa: BLE001  whatever it is, somebody waits for it
                error = raised
            self._answers.put(_Outcome(self, said, error))
        carrier.close()


def _in_short(error: Exception) -> str:
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()


def _server() -> dict[str, Any]:
    settings = env.load()
    return {
        "host": settings.smtp_host,
        "port": settings.smtp_port,
        "username": settings.smtp_user or None,
        "password": settings.smtp_password or None,
        "use_tls": settings.smtp_tls == "starttls",
        "use_ssl": settings.smtp_tls == "tls",
    }
