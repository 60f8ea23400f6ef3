"""The adapter between Granian and the door: HTTP in, HTTP out, no decisions about submissions."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol
from urllib.parse import quote

from groundswell.base import passes
from groundswell.base.errors import Busy, Refused
from groundswell.intake import answers, parse, tracked
from groundswell.intake.accept import Incoming, accept
from groundswell.intake.answers import Answer
from groundswell.intake.assets import Asset
from groundswell.intake.check import Form, offers, one_value_each
from groundswell.intake.house import House
from groundswell.intake.limits import peer_address
from groundswell.intake.site import Snapshot, best_language

MAX_BODY: Final = 64 << 10
API: Final = "/api/v1/submissions"
OPENAPI: Final = "/api/v1/openapi.json"
_READ: Final = "GET, HEAD"
Get = Callable[[str], str | None]  # looks a header up


class Scope(Protocol):
    """What Granian tells of a request."""

    method: str
    path: str
    query_string: str
    client: str
    authority: str | None
    http_version: str
    headers: Any


class Gone(Exception):
    """The visitor hung up before the request was complete."""


class App:
    """One worker's RSGI application."""

    def __init__(self, house: House) -> None:
        self.house = house

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.house.open(loop)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.house.close(loop)

    async def __rsgi__(self, scope: Scope, proto: Any) -> None:
        started = time.perf_counter()
        path, method = scope.path, scope.method
        get = scope.headers.get  # taken once: each look at `headers` copies all of them
        try:
            answer = self._at_once(scope, get, method, path)
            if answer is None:
                answer = await self._post(scope, get, proto, path)
        except Gone:
            return
        except Exception as error:  # noqa: BLE001  a bug is logged loudly, never shown
            self.house.bug(error)
            answer = self._broken(method, get, path)
        if isinstance(answer, Asset):
            status, size = _send_asset(answer, method, get, proto)
        else:
            status, size = answer.status, len(answer.body)
            proto.response_bytes(status, answer.headers, answer.body)
        self.house.note(method, path, status, time.perf_counter() - started, size)

    def _at_once(self, scope: Scope, get: Get, method: str, path: str) -> Answer | Asset | None:
        """The answer to anything whose body need not be read, None for a submission."""
        host = get("host")
        if host is None and scope.http_version == "1.1":
            return self._refuse(path, Refused("bad_request", status=400))
        if scope.authority is not None or not self.house.is_our_host(host, path):
            return self._refuse(path, Refused("bad_request", status=421))
        if method == "POST":
            return self._turned_away(get, path)
        if method not in {"GET", "HEAD"}:
            return self._refuse(path, Refused("method_not_allowed", status=405))
        asset = self.house.site.snapshot.assets.get(path)
        if asset and path != "/":
            return asset
        elsewhere = self._tracked if path.startswith(tracked.PREFIX) else self._elsewhere
        return elsewhere(scope, get, path)

    def _turned_away(self, get: Get, path: str) -> Answer | None:
        """503 for a submission that could not be stored in time, before its body is read."""
        house = self.house
        if not house.is_overrun:
            return None
        form = house.site.snapshot.form(path)
        if form is None and path != API:
            return None
        house.count(form.spec.verb if form else "?", Busy())
        return house.overload.answer(form, in_json=form is None or _reads_json(get))

    def _elsewhere(self, scope: Scope, get: Get, path: str) -> Answer | Asset:
        """What is not simply a published file: our own addresses, redirects, nothing."""
        house = self.house
        snapshot = house.site.snapshot
        if path == "/":
            return self._front_door(get)
        if path == "/healthz":
            return house.health()
        if path == OPENAPI:
            return house.openapi
        target = _moved_to(path, snapshot)
        if target:
            query = f"?{scope.query_string}" if scope.query_string else ""
            # A token may be in it, and many caches keep answers under the path alone.
            cache = "no-store" if query else "public, max-age=300"
            return self._redirect(301, f"{quote(target)}{query}", cache)
        if path == API:
            return self._refuse(path, Refused("method_not_allowed", status=405))
        return self._refuse(path, answers.not_found())

    def _tracked(self, scope: Scope, get: Get, path: str) -> Answer:
        """What a tracked link leads to, or a page that one of ours hands its source on to."""
        try:
            return self.house.tracked.answer(scope, get)
        except Refused as error:
            return self._refuse(path, error)

    def _front_door(self, get: Get) -> Answer | Asset:
        """`/` leads to the visitor's language, if we speak it; else to the published chooser."""
        site = self.house.site
        wanted = get("accept-language")
        language = best_language(wanted, site.snapshot.languages) if wanted else None
        if language:
            vary = ("vary", "accept-language")
            return self._redirect(302, f"/{language}/", "public, max-age=10", vary)
        return site.snapshot.assets.get("/") or answers.plain_page(200, site=site)

    def _post(self, scope: Scope, get: Get, proto: Any, path: str) -> Awaitable[Answer]:
        """What will answer a POST. No coroutine of its own: each one more costs 1 µs a request."""
        if path == API:
            return self._post_json(scope, get, proto)
        snapshot = self.house.site.snapshot
        form = snapshot.form(path)
        if form is not None:
            return self._post_form(scope, get, proto, form)
        known = path in snapshot.assets
        return self._no_form(
            path, Refused("method_not_allowed", status=405) if known else answers.not_found()
        )

    async def _no_form(self, path: str, error: Refused) -> Answer:
        return self._refuse(path, error)

    async def _post_json(self, scope: Scope, get: Get, proto: Any) -> Answer:
        verb = "?"
        try:
            body = await self._body(get, proto, "application/json")
            request = parse.api_request(body)
            snapshot = self.house.site.snapshot
            form = snapshot.by_page.get((request.page, request.lang, request.verb))
            if form is None:
                raise answers.not_found()
            verb = form.spec.verb
            values = parse.api_values(request)
            incoming = self._incoming(scope, get, form, values)
            incoming.key, incoming.source = request.key, request.source
            stored = await accept(self.house.door, incoming)
        except (Refused, Busy) as error:
            self.house.count(verb, error)
            return self._refuse(API, error)
        self.house.count(verb, None)
        return answers.promise(stored, form, site=self.house.site)

    async def _post_form(self, scope: Scope, get: Get, proto: Any, form: Form) -> Answer:
        house = self.house
        values: dict[str, str] = {}
        in_json = _reads_json(get)
        try:
            body = await self._body(get, proto, "application/x-www-form-urlencoded")
            pairs = parse.form_pairs(body)
            values = dict(pairs)
            if len(values) != len(pairs):
                values = one_value_each(pairs)
            query = parse.query_values(scope.query_string)
            for name in form.tokens:
                values[name] = values.get(name) or query.get("t", "")
            incoming = self._incoming(scope, get, form, values)
            incoming.source = query.get("s", incoming.source)
            stored = await accept(house.door, incoming)
        except (Refused, Busy) as error:
            house.count(form.spec.verb, error)
            if in_json:
                return answers.as_json(error, site=house.site, words=form.spec.messages)
            return self._again(error, form, values)
        house.count(form.spec.verb, None)
        if in_json:
            return answers.promise(stored, form, site=house.site)
        return answers.thanks(form, site=house.site)

    def _again(self, error: Refused | Busy, form: Form, values: dict[str, str]) -> Answer:
        """The form once more, with what its lookup offers; or an error page."""
        house, door = self.house, self.house.door
        offered = (
            offers(form, values, lookups=door.lookups, now=door.now()).offers if form.places else {}
        )
        again = answers.as_refill(error, form=form, values=values, site=house.site, offers=offered)
        return again or self._refuse(form.spec.path, error)

    async def _body(self, get: Get, proto: Any, content_type: str) -> bytes:
        """The request's body. Raises Refused for the wrong type, size or pace, and Gone."""
        has_length = _check_head(get, content_type)
        clock = self.house.body_clock
        try:
            reading = proto() if has_length else asyncio.ensure_future(_chunked(proto))
            clock.begin(reading)
            try:
                body: bytes = await reading
            finally:
                clock.end(reading)
        except asyncio.CancelledError:
            if clock.is_late(reading):
                raise Refused("timeout", status=408) from None
            raise
        except RuntimeError as error:  # granian's RSGIProtocolClosed and RSGIProtocolError
            raise Gone from error
        return body

    def _incoming(self, scope: Scope, get: Get, form: Form, values: dict[str, str]) -> Incoming:
        peer = peer_address(scope.client)
        rehearsal = get(passes.HEADER)
        return Incoming(
            form=form,
            values=values,
            key=values.get("key", ""),
            source=values.get("s", ""),
            sender=self.house.door.limits.sender(peer, get("x-forwarded-for")),
            cross_site=self._is_cross_site(get),
            run=self._run(rehearsal, form) if rehearsal is not None else "",
        )

    def _run(self, token: str, form: Form) -> str:
        return self.house.passes.run(token, verb=form.spec.verb)

    def _refuse(self, path: str, error: Refused | Busy) -> Answer:
        house = self.house
        if path.startswith("/api/"):
            answer = answers.as_json(error, site=house.site)
        else:
            answer = answers.as_page(error, site=house.site, path=path)
        if isinstance(error, Refused) and error.status == 405:
            allowed = "POST" if path == API else _READ
            if path in house.site.snapshot.forms:
                allowed = f"{_READ}, POST"
            answer.headers.append(("allow", allowed))
        return answer

    def _broken(self, method: str, get: Get, path: str) -> Answer:
        form = self.house.site.snapshot.form(path)
        if form is not None and method == "POST" and _reads_json(get):
            words = form.spec.messages
            return answers.as_json(answers.internal(), site=self.house.site, words=words)
        return self._refuse(path, answers.internal())

    def _redirect(self, status: int, location: str, cache: str, *more: tuple[str, str]) -> Answer:
        headers = [("location", location), ("cache-control", cache), *more]
        return Answer(status, [*headers, *self.house.site.security], b"")

    def _is_cross_site(self, get: Get) -> bool:
        """Whether another site's page sent this. No cookie is read, so it is only a mark."""
        fetched_from = get("sec-fetch-site")
        if fetched_from is not None:
            return fetched_from not in {"same-origin", "none"}
        origin = get("origin")
        if origin is None:
            return False
        ours = {self.house.origin, f"http://{get('host')}", f"https://{get('host')}"}
        return origin not in ours


def _send_asset(asset: Asset, method: str, get: Get, proto: Any) -> tuple[int, int]:
    wanted = get("accept-encoding")
    variant = asset.variant(wanted) if wanted else asset.plain
    seen = get("if-none-match")
    if seen is not None and (asset.etag in seen or seen == "*"):
        proto.response_empty(304, variant.not_modified)
        return 304, 0
    if variant.body is None:
        if method == "HEAD":
            proto.response_empty(200, variant.headers)
        else:
            proto.response_file(200, variant.headers, str(asset.path))
        return 200, 0
    proto.response_bytes(200, variant.headers, variant.body)
    return 200, len(variant.body)


def _moved_to(path: str, snapshot: Snapshot) -> str | None:
    """Where a page is that somebody looks for where it was, or without its last slash."""
    slashed = f"{path}/"
    return (
        slashed
        if slashed in snapshot.assets
        else (snapshot.moved.get(path) or snapshot.moved.get(slashed))
    )


def _reads_json(get: Get) -> bool:
    """Whether this is the page's own script, which sends the form as it is and reads JSON."""
    return (get("accept") or "").startswith("application/json")


def _check_head(get: Get, content_type: str) -> bool:
    """Whether the length of the body was said. Raises Refused for the wrong type or size."""
    if get("content-encoding") is not None:
        raise Refused("unsupported_media_type", status=415)
    sent = get("content-type")
    if sent != content_type:
        kind, _, parameters = (sent or "").lower().partition(";")
        charset = parameters.strip().replace('"', "")
        if kind.strip() != content_type or charset not in {"", "charset=utf-8"}:
            raise Refused("unsupported_media_type", status=415)
    length = get("content-length")
    if length is not None and int(length) > MAX_BODY:
        raise Refused("too_large", status=413)
    return length is not None


async def _chunked(proto: Any) -> bytes:
    parts, size = [], 0
    async for part in proto:
        size += len(part)
        if size > MAX_BODY:
            raise Refused("too_large", status=413)
        parts.append(part)
    return b"".join(parts)
