"""What a source needs in order to be refreshed: somebody to ask, and words for what came wrong."""

import time
from collections.abc import Callable, Collection
from typing import IO, Any, Final, TypeVar

import msgspec

from groundswell.directory.fetching.client import Client, Limits
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.records import Batch, SourceInfo

T = TypeVar("T")
Watch = Callable[[int, int], None]
_NO_LIMITS: Final = Limits()


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was not taken, for a person to look at: what is wrong, and what would mend it."""

    field: str
    problem: str
    remedy: str = ""


class Fetched(msgspec.Struct, kw_only=True):
    """What a source says today."""

    batch: Batch
    doubts: list[Doubt] = []


class Asking:
    """One refresh: asks for pages of `base`, politely, and says how far it is.

    `known` are the keys of the people whom the source named before.
    """

    def __init__(
        self,
        client: Client,
        base: str,
        *,
        country: str = "",
        known: Collection[str] = (),
        watch: Watch = lambda _done, _total: None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._client = client
        self._sleep = sleep
        self.base = base.rstrip("/")
        self.country = country
        self.known = frozenset(known)
        self.watch = watch

    def text(self, path: str, *, accept: str = "*/*", limits: Limits = _NO_LIMITS) -> bytes:
        """What stands at a path of the base. Raises FetchFailed."""
        return self._client.get(self.base + path, accept=accept, limits=limits)

    def save(self, path: str, to: IO[bytes], *, limits: Limits) -> None:
        """The same for what is too large to be held in memory."""
        self._client.save(self.base + path, to, limits=limits)

    def json(
        self,
        path: str,
        shape: type[T],
        *,
        accept: str = "application/json",
        limits: Limits = _NO_LIMITS,
    ) -> T:
        """The same, read as `shape`. Raises FetchFailed when it is anything else."""
        body = self.text(path, accept=accept, limits=limits)
        try:
            return msgspec.json.decode(body, type=shape)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise FetchFailed(f"{self.base}{path} {_rotten(body, error)}") from error

    def pause(self, seconds: float) -> None:
        """Leave the other side alone for a moment, as its rules ask."""
        self._sleep(seconds)


class Refresh(msgspec.Struct, frozen=True, kw_only=True):
    """A source that can be refreshed.

    `base`: where it is asked, unless an operator names a mirror; empty: they must. `least`: how
    many people there are when all is well. In `info`, {country} stands for the country asked for.
    """

    info: SourceInfo
    fetch: Callable[[Asking], Fetched]
    base: str
    least: int
    country: bool = False


def refuse_few(found: int, least: int, what: str) -> None:
    """Raises FetchFailed for an answer that is too small to be the whole."""
    if found < least:
        raise FetchFailed(
            f"only {found} {what} came, where at least {least} are expected: nothing was changed"
        )


def _rotten(body: bytes, error: Exception) -> str:
    start = body[:200].lstrip().lower()
    if not start:
        return "is empty"
    if start.startswith((b"<!doctype", b"<html", b"<")):
        return "answers with a web page instead of data"
    return f"has another shape than it used to: {error}"


def line(text: Any, most: int = 250) -> str:
    """One line of what a source says: no breaks, no control characters, not endless."""
    plain = " ".join(str(text or "").split())
    return "".join(letter for letter in plain if letter.isprintable())[:most].strip()


def web(url: Any) -> str:
    """A web address as a source gives it, or nothing where that is not one."""
    found = line(url, 1_000)
    return found if found.startswith(("https://", "http://")) and " " not in found else ""


def mail(address: Any) -> str:
    """An email address as a source gives it, or nothing where that is not one."""
    found = line(address, 254).removeprefix("mailto:")
    name, at, host = found.rpartition("@")
    good = name and at and "." in host and not set(found) & set(' <>,;:"()[]\\') and "@" not in name
    return found if good else ""
