"""The client: GET over HTTPS with bounds on time, size, redirects and where they may lead."""

import http.client
import io
import time
from collections.abc import Callable, Mapping, Sequence
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import IO, Final
from urllib.parse import urljoin

import msgspec

from groundswell.base import clock
from groundswell.base.env import Settings
from groundswell.base.netguard import Network, networks
from groundswell.directory.fetching import reading
from groundswell.directory.fetching.connection import Deadline, FetchFailed, connected, split

MIB: Final = 1 << 20
REDIRECTS: Final = 5
TRIES: Final = 3
LONGEST_WAIT: Final = 90.0
_MOVED: Final = (301, 302, 303, 307, 308)
_LATER: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


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

        Redirects are followed by hand, and each is looked at as the first address was. Asked to
        come back later (429, 503) we do, if it is soon.
        """
        tries = 1
        for _ in range(REDIRECTS + TRIES):
            step = self._once(url, to, limits=limits, accept=accept)
            if isinstance(step, Answer):
                return step
            if isinstance(step, str):
                url = step
                continue
            if tries == TRIES:
                raise FetchFailed(f"{_host(url)} is too busy for us; try again later")
            tries += 1
            self._sleep(step)
        raise FetchFailed(f"{_host(url)} sends us from one address to the next without end")

    def _once(
        self, url: str, to: IO[bytes], *, limits: Limits, accept: str
    ) -> Answer | str | float:
        """The answer, or where it has moved, or for how many seconds to wait."""
        deadline, host = Deadline(limits.total), _host(url)
        with connected(url, allow=self._allow, quiet=limits.quiet, deadline=deadline) as link:
            link.request("GET", _target(url), headers=self._headers(accept))
            answer = link.getresponse()
            if answer.status in _MOVED:
                return _moved_to(url, answer)
            if answer.status in _LATER:
                return _wait(answer.headers, host)
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


def _wait(headers: Message, host: str) -> float:
    """Seconds to wait. Raises FetchFailed when that is longer than anybody sits before a shell."""
    said = (headers.get("Retry-After") or "5").strip()
    if said.isascii() and said.isdigit():
        seconds = float(said[:9])
    else:
        try:
            seconds = (parsedate_to_datetime(said) - clock.now()).total_seconds()
        except (TypeError, ValueError):
            seconds = 5.0
    if seconds > LONGEST_WAIT:
        raise FetchFailed(
            f"{host} wants us to come back in {seconds / 60:.0f} minutes; nothing was changed"
        )
    return max(seconds, 1.0)


def _host(url: str) -> str:
    return split(url).hostname or url


def _target(url: str) -> str:
    parts = split(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
