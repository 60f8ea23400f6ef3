"""Core's side of the ferry: fetch what intake wrote on another machine into our own journal folder.

Each file is copied under its own name, group by group. Where a copy ends is where fetching goes
on, so there is no other cursor that could be wrong. The original is deleted only when it is closed
and every group of it is on our own disk. Cut off anywhere, it goes on from there; what comes twice
has the same place in the same file, or else the same submission id.
"""

import http.client
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from groundswell.base.env import Settings
from groundswell.intake import journal_copy
from groundswell.intake.ferry import Listed, Part, checked_token
from groundswell.intake.journal_files import lock_path, parse_name

T = TypeVar("T")

SECONDS: Final = 20.0
MAX_ANSWER: Final = 32 << 20
MAX_FILES: Final = 10_000
PARTS_AT_ONCE: Final = 16
_ONE_FILE: Final = (HTTPStatus.CONFLICT, HTTPStatus.INTERNAL_SERVER_ERROR)


class SourceDown(Exception):
    """An intake machine cannot be reached, or does not answer as a ferry does."""


class Stuck(Exception):
    """Something on an intake machine needs a hand; all the rest is fetched."""


class Source:
    """One intake machine. `step` and `check` may run in different threads.

    `claims` is shared by all sources: which writer's files come from where.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str,
        folder: Path,
        claims: dict[str, str],
        trusted: str = "",
        reserve: int = 0,
    ) -> None:
        parts = urlsplit(url)
        self.name = parts.netloc
        self._host, self._port = parts.hostname or "", parts.port
        self._tls = ssl.create_default_context(cafile=trusted or None) if _is_tls(url) else None
        self._token = token
        self._folder = folder
        self._claims = claims
        self._reserve = reserve
        self._done: dict[str, int] = {}
        self._wrong: dict[str, str] = {}

    def step(self) -> int:
        """Fetch what is new; returns how many groups. Raises SourceDown, OSError."""
        with self._connected() as link:
            listed = self._files(link)
            there = {file.name for file in listed}
            self._done = {name: seq for name, seq in self._done.items() if name in there}
            self._wrong = {name: why for name, why in self._wrong.items() if name in there}
            return sum(self._writer(link, files) for files in _by_writer(listed))

    def check(self) -> None:
        """Raises Stuck while there is something that cannot be fetched."""
        wrong = self._wrong.copy()
        if wrong:
            listed = ", ".join(f"{file} ({why})" for file, why in sorted(wrong.items()))
            raise Stuck(f"{self.name}: {listed}")

    def _writer(self, link: http.client.HTTPConnection, files: list[Listed]) -> int:
        """One writer's files, the older before the newer."""
        worker = _worker(files[0].name)
        refused = self._why_not(worker)
        if refused:
            self._wrong[files[0].name] = refused
            return 0
        number = 0
        for file in files:
            try:
                number += self._file(link, file.name)
            except _Damaged as error:
                self._wrong[file.name] = str(error)
        return number

    def _why_not(self, worker: str) -> str:
        """Two machines' files under one name would be taken for one: what must be set first."""
        if worker.isdigit():
            return "set GROUNDSWELL_JOURNAL_NAME there, another on each machine"
        if lock_path(self._folder, worker).exists():
            return "an intake here has the same GROUNDSWELL_JOURNAL_NAME"
        if self._claims.setdefault(worker, self.name) != self.name:
            return f"{self._claims[worker]} has the same GROUNDSWELL_JOURNAL_NAME"
        return ""

    def _file(self, link: http.client.HTTPConnection, name: str) -> int:
        if name in self._done:
            self._let_go(link, name, self._done[name])
            return 0
        path = self._folder / name
        if not path.exists():
            journal_copy.begin(path)
        after, number = journal_copy.last(path), 0
        if not journal_copy.is_complete(path):
            for _ in range(PARTS_AT_ONCE):
                part = self._part(link, name, after)
                if not part.rows:
                    break
                self._keep(path, part, after)
                after, number = part.rows[-1][0], number + len(part.rows)
            if part.rows or not part.closed:
                return number
            journal_copy.complete(path, after)
        self._done[name] = after
        self._let_go(link, name, after)
        return number

    def _keep(self, path: Path, part: Part, after: int) -> None:
        """Put groups on our own disk. Raises SourceDown for what no ferry would send."""
        self._must_have_room()
        places = [after, *(row[0] for row in part.rows)]
        if any(one >= other for one, other in pairwise(places)):
            raise SourceDown(f"{self.name} sends groups out of order")
        journal_copy.append(path, part.rows)

    def _must_have_room(self) -> None:
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < self._reserve:
            raise SourceDown(
                f"too little disk space here to fetch from {self.name}; nothing is lost there"
            )

    # What is said over the network

    @contextmanager
    def _connected(self) -> Iterator[http.client.HTTPConnection]:
        if self._tls:
            link: http.client.HTTPConnection = http.client.HTTPSConnection(
                self._host, self._port, timeout=SECONDS, context=self._tls
            )
        else:
            link = http.client.HTTPConnection(self._host, self._port, timeout=SECONDS)
        try:
            yield link
        finally:
            link.close()

    def _files(self, link: http.client.HTTPConnection) -> list[Listed]:
        files = self._decoded(self._ask(link, "GET", "/files"), list[Listed])
        if len(files) > MAX_FILES or any(parse_name(file.name) is None for file in files):
            raise SourceDown(f"{self.name} lists what no journal holds")
        return files

    def _part(self, link: http.client.HTTPConnection, name: str, after: int) -> Part:
        return self._decoded(self._ask(link, "GET", f"/files/{name}?after={after}"), Part)

    def _let_go(self, link: http.client.HTTPConnection, name: str, after: int) -> None:
        """Tell the ferry that all of a file is safe with us."""
        self._ask(link, "DELETE", f"/files/{name}?after={after}", gone=b"")

    def _ask(
        self,
        link: http.client.HTTPConnection,
        method: str,
        path: str,
        *,
        gone: bytes | None = None,
    ) -> bytes:
        """The body of a good answer; `gone` where the file is not there any more."""
        try:
            link.request(method, path, headers={"Authorization": f"Bearer {self._token}"})
            answer = link.getresponse()
            if (answer.length or 0) > MAX_ANSWER:
                raise SourceDown(f"{self.name} answers with too much")
            body = answer.read(MAX_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise SourceDown(f"{self.name} cannot be reached: {error}") from error
        if answer.status == HTTPStatus.OK:
            return body
        if answer.status == HTTPStatus.NOT_FOUND and gone is not None:
            return gone
        why = body[:60].decode("ascii", "replace")
        if answer.status in _ONE_FILE:
            raise _Damaged(f"{answer.status} {why}")
        raise SourceDown(f"{self.name} answers {answer.status}: {why}")

    def _decoded(self, body: bytes, shape: type[T]) -> T:
        try:
            return msgspec.msgpack.decode(body, type=shape)
        except msgspec.MsgspecError as error:
            raise SourceDown(f"{self.name} answers with something else: {error}") from error


class _Damaged(Exception):
    """One file cannot be read on the other side."""


def sources(settings: Settings) -> list[Source]:
    """All intake machines core fetches from. Raises Trouble for a token that will not do."""
    urls = settings.journal_sources.split()
    if not urls:
        return []
    token, claims = checked_token(settings), dict[str, str]()
    folder = settings.path("journal")
    folder.mkdir(parents=True, exist_ok=True)
    return [
        Source(
            url,
            token=token,
            folder=folder,
            claims=claims,
            trusted=settings.ferry_certificate,
            reserve=settings.journal_reserve_mb << 20,
        )
        for url in urls
    ]


def _is_tls(url: str) -> bool:
    return urlsplit(url).scheme == "https"


def _worker(name: str) -> str:
    place = parse_name(name)
    return place[0] if place else ""


def _by_writer(files: list[Listed]) -> list[list[Listed]]:
    ordered = sorted(files, key=lambda file: parse_name(file.name) or ("", 0))
    return [list(group) for _, group in groupby(ordered, key=lambda file: _worker(file.name))]
