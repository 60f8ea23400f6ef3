"""A mailbox on a server, read by IMAP."""

import contextlib
import imaplib
import ipaddress
import re
import ssl
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from groundswell.delivery.inbox.mailbox import MOST_BYTES, Mail
from groundswell.delivery.post import ServerDown

TIMEOUT_SECONDS: Final = 20
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_ERRORS: Final = (imaplib.IMAP4.error, OSError, EOFError)


class Imap:
    """The mailbox at imaps://name@host:port/folder, or imap:// with STARTTLS."""

    def __init__(self, address: str, password: str) -> None:
        parts = urlsplit(address)
        self._tls = parts.scheme == "imaps"
        self._host = parts.hostname or ""
        self._port = parts.port or (993 if self._tls else 143)
        self._user = unquote(parts.username or "")
        self._password = password
        self._folder = unquote(parts.path.lstrip("/")) or "INBOX"
        self._session: imaplib.IMAP4 | None = None

    def mails(self, limit: int) -> Iterator[Mail]:
        for number in self._numbers()[:limit]:
            answer = self._ask("UID", "FETCH", number, f"(RFC822.SIZE BODY.PEEK[]<0.{MOST_BYTES}>)")
            raw = next((one for one in answer if isinstance(one, tuple)), None)
            if raw is not None:
                size = _SIZE.search(b" ".join(_flat(answer)))
                yield Mail(number, raw[1], bool(size and int(size[1]) > MOST_BYTES))

    def done(self, name: str) -> None:
        self._ask("UID", "STORE", name, "+FLAGS.SILENT", r"(\Deleted)")
        self._ask("EXPUNGE")

    def keep(self, name: str, folder: str) -> None:
        with contextlib.suppress(ServerDown):
            self._ask("CREATE", _quoted(folder))  # most often it is there
        self._ask("UID", "COPY", name, _quoted(folder))
        self.done(name)

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(*_ERRORS):
                session.logout()

    def _numbers(self) -> list[str]:
        answer = self._ask("UID", "SEARCH", "UNDELETED")
        return [number.decode() for line in _flat(answer) for number in line.split()]

    def _ask(self, command: str, *words: str) -> list[Any]:
        session = self._open()
        try:
            if command == "UID":
                kind, answer = session.uid(words[0], *words[1:])
            elif command == "CREATE":
                kind, answer = session.create(words[0])
            else:
                kind, answer = session.expunge()
        except _ERRORS as error:
            self.close()
            raise ServerDown(f"IMAP {command}: {type(error).__name__}") from None
        if kind != "OK":
            raise ServerDown(f"IMAP {command}: {kind}")
        return answer

    def _open(self) -> imaplib.IMAP4:
        if self._session is None:
            try:
                self._session = self._connect()
                kind, _words = self._session.select(_quoted(self._folder))
            except _ERRORS as error:
                self.close()
                raise ServerDown(f"IMAP {self._host}: {_in_short(error)}") from None
            if kind != "OK":
                self.close()
                raise ServerDown(f"IMAP {self._host}: no folder {self._folder}")
        return self._session

    def _connect(self) -> imaplib.IMAP4:
        context = ssl.create_default_context()
        where: dict[str, Any] = {"host": self._host, "port": self._port, "timeout": TIMEOUT_SECONDS}
        session: imaplib.IMAP4
        if self._tls:
            session = imaplib.IMAP4_SSL(ssl_context=context, **where)
        else:
            session = imaplib.IMAP4(**where)
        try:
            if not self._tls and not _is_here(self._host):
                session.starttls(context)  # the password is not for the whole way to hear
            session.login(self._user, self._password)
        except BaseException:
            session.shutdown()
            raise
        return session


def _flat(answer: list[Any]) -> list[bytes]:
    flat: list[bytes] = []
    for one in answer:
        flat += [part for part in (one if isinstance(one, tuple) else (one,)) if part][:1]
    return flat


def _quoted(name: str) -> str:
    escaped = name.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _in_short(error: BaseException) -> str:
    # A refused login quotes what was sent; its type says enough.
    return type(error).__name__
