"""The client: GET over HTTPS with bounds on time, size, redirects and where they may lead."""

import contextlib
import http.client
import io
import time
from collections.abc import Callable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import IO, Final
from urllib.parse import urljoin

import msgspec

from groundswell.base import clock
from groundswell.base.env import Settings
from groundswell.base.netguard import Network, networks
from groundswell.directory.fetching import reading
from groundswell.directory.fetching.connection import (
    Deadline,
    FetchFailed,
    Passing,
    connected,
    split,
)

MIB: Final = 1 << 20
REDIRECTS: Final = 5
TRIES: Final = 3
PATIENCE: Final = 5.0
LONGEST_WAIT: Final = 90.0
_MOVED: Final = (301, 302, 303, 307, 308)
# A list of hundreds of pages meets a hiccup now and then.
_LATER: Final = (429, 500, 502, 503, 504)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer may cost: bytes, seconds of silence, seconds in all."""

    size: int = 32 * MIB
    quiet: float = 15.0
    total: float = 120.0


class Answer(msgspec.Struct, frozen=True):
    """What came: from where in the end, of what kind, and when it says it was last changed."""

    url: str
    type: str
    modified: str
    length: int


class _Later(msgspec.Struct, frozen=True):
    """Not now: for how many seconds to wait before the next try, and what was wrong."""

    seconds: float
    why: str


class Client:
    """Fetches for one operator. No cookies, no proxies, nothing kept between two requests."""

    def __init__(
        self,
        *,
        agent: str,
        allow: Sequence[Network] = (),
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._agent = agent
        self._allow = tuple(allow)
        self._sleep = sleep

    def get(self, url: str, *, limits: Limits = Limits(), accept: str = "*/*") -> bytes:  # noqa: B008  frozen
        """The body of `url`. Raises FetchFailed in one line that says why not."""
        body = io.BytesIO()
        self.save(url, body, limits=limits, accept=accept)
        return body.getvalue()

    def save(
        self,
        url: str,
        to: IO[bytes],
        *,
        limits: Limits = Limits(),  # noqa: B008  frozen
        accept: str = "*/*",
    ) -> Answer:
        """Write the body of `url` to `to`, which is seekable. Raises FetchFailed.

        Redirects are followed by hand, and each is looked at as the first address was. What may
        pass is tried three times; asked to come back at a time we do, if it is soon.
        """
        failures = moves = 0
        while True:
            try:
                step = self._once(url, to, limits=limits, accept=accept)
            except Passing as error:
                step = _Later(PATIENCE, str(error))
            if isinstance(step, Answer):
                return step
            if isinstance(step, _Later):
                failures += 1
                if failures == TRIES:
                    raise FetchFailed(f"{step.why} ({TRIES} times)")
                self._sleep(step.seconds)
                continue
            moves += 1
            if moves > REDIRECTS:
                raise FetchFailed(f"{_host(url)} sends us from one address to the next without end")
            url = step

    def _once(
        self, url: str, to: IO[bytes], *, limits: Limits, accept: str
    ) -> "Answer | _Later | str":
        """The answer, or where it has moved, or that it is not to be had now. Raises Passing."""
        deadline, host = Deadline(limits.total), _host(url)
        with connected(url, allow=self._allow, quiet=limits.quiet, deadline=deadline) as link:
            link.request("GET", _target(url), headers=self._headers(accept))
            answer = link.getresponse()
            if answer.status in _MOVED:
                return _moved_to(url, answer)
            if answer.status in _LATER:
                return _later(answer, host)
            if answer.status != HTTPStatus.OK:
                raise FetchFailed(f"{host} answers {answer.status} {answer.reason[:60]}")
            to.seek(0)
            to.truncate()
            length = reading.save(answer, to, host=host, size=limits.size, deadline=deadline)
            return Answer(
                url,
                answer.headers.get_content_type(),
                answer.headers.get("Last-Modified") or "",
                length,
            )

    def _headers(self, accept: str) -> Mapping[str, str]:
        return {
            "User-Agent": self._agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }


def for_operator(settings: Settings) -> Client:
    """A client that says who asks, and goes into no private network but those of the setting."""
    contact = settings.mail_from.rpartition("<")[2].rstrip(">")
    return Client(
        agent=f"Groundswell directory refresh ({settings.public_url}; {contact})",
        allow=networks(settings.fetch_allow),
    )


def _moved_to(url: str, answer: http.client.HTTPResponse) -> str:
    target = (answer.headers.get("Location") or "").strip()
    if not target:
        raise FetchFailed(f"{_host(url)} sends us on without saying where")
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise FetchFailed(f"{target[:100]!r} is no address of a page") from error


def _later(answer: http.client.HTTPResponse, host: str) -> _Later:
    """How long to wait. Raises FetchFailed when that is longer than anybody sits at a shell."""
    said = (answer.headers.get("Retry-After") or "").strip()
    seconds = PATIENCE
    if said.isascii() and said.isdigit():
        seconds = float(said[:9])
    elif said:
        with contextlib.suppress(TypeError, ValueError):
            seconds = (parsedate_to_datetime(said) - clock.now()).total_seconds()
    if seconds > LONGEST_WAIT:
        raise FetchFailed(
            f"{host} wants us to come back in {seconds / 60:.0f} minutes; nothing was changed"
        )
    return _Later(max(seconds, 1.0), f"{host} answers {answer.status} {answer.reason[:60]}")


def _host(url: str) -> str:
    return split(url).hostname or url


def _target(url: str) -> str:
    parts = split(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
