"""The adapter between Granian and the door: HTTP in, HTTP out, no decisions about submissions."""

import asyncio
import time
from typing import Any, Final, Protocol
from urllib.parse import quote

import msgspec

from groundswell.base import passes
from groundswell.base.errors import Busy, Refused
from groundswell.intake import answers, parse
from groundswell.intake.accept import Incoming, accept
from groundswell.intake.answers import Answer
from groundswell.intake.check import Form, one_value_each
from groundswell.intake.house import House
from groundswell.intake.limits import peer_address
from groundswell.intake.site import Asset, Snapshot, best_language

MAX_BODY: Final = 64 << 10
API: Final = "/api/v1/submissions"
OPENAPI: Final = "/api/v1/openapi.json"
_READ: Final = "GET, HEAD"


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
        path = scope.path
        try:
            answer = await self._answer(scope, proto, path)
        except Gone:
            return
        except Exception as error:  # noqa: BLE001  a bug is logged loudly, never shown
            self.house.bug(error)
            answer = self._broken(scope, path)
        if isinstance(answer, Asset):
            status, size = self._send_asset(answer, scope, proto)
        else:
            status, size = answer.status, len(answer.body)
            proto.response_bytes(status, answer.headers, answer.body)
        self.house.note(scope.method, path, status, time.perf_counter() - started, size)

    async def _answer(self, scope: Scope, proto: Any, path: str) -> Answer | Asset:
        house = self.house
        host = scope.headers.get("host")
        if host is None and scope.http_version == "1.1":
            return self._refuse(path, Refused("bad_request", status=400))
        if scope.authority is not None or not house.is_our_host(host, path):
            return self._refuse(path, Refused("bad_request", status=421))
        method = scope.method
        if method == "POST":
            return await self._post(scope, proto, path)
        if method in {"GET", "HEAD"}:
            asset = house.site.snapshot.assets.get(path)
            return asset if asset and path != "/" else self._elsewhere(scope, path)
        return self._refuse(path, Refused("method_not_allowed", status=405))

    def _elsewhere(self, scope: Scope, path: str) -> Answer | Asset:
        """What is not simply a published file: our own addresses, redirects, nothing."""
        house = self.house
        snapshot = house.site.snapshot
        if path == "/":
            return self._front_door(scope)
        if path == "/healthz":
            return house.health()
        if path == OPENAPI:
            return house.openapi
        target = _moved_to(path, snapshot)
        if target:
            query = f"?{scope.query_string}" if scope.query_string else ""
            return self._redirect(301, f"{quote(target)}{query}", "public, max-age=300")
        if path == API:
            return self._refuse(path, Refused("method_not_allowed", status=405))
        return self._refuse(path, answers.not_found())

    def _front_door(self, scope: Scope) -> Answer | Asset:
        """`/` leads to the visitor's language, if we speak it; else to the published chooser."""
        site = self.house.site
        wanted = scope.headers.get("accept-language")
        language = best_language(wanted, site.snapshot.languages) if wanted else None
        if language:
            vary = ("vary", "accept-language")
            return self._redirect(302, f"/{language}/", "public, max-age=10", vary)
        return site.snapshot.assets.get("/") or answers.plain_page(200, site=site)

    async def _post(self, scope: Scope, proto: Any, path: str) -> Answer:
        try:
            if path == API:
                return await self._post_json(scope, proto)
            form = self.house.site.snapshot.form(path)
            if form is not None:
                return await self._post_form(scope, proto, form)
            known = path in self.house.site.snapshot.assets
            raise Refused("method_not_allowed", status=405) if known else answers.not_found()
        except (Refused, Busy) as error:
            return self._refuse(path, error)

    async def _post_json(self, scope: Scope, proto: Any) -> Answer:
        verb = "?"
        try:
            body = await self._body(scope, proto, "application/json")
            request = parse.api_request(body)
            snapshot = self.house.site.snapshot
            form = snapshot.by_page.get((request.page, request.lang, request.verb))
            if form is None:
                raise answers.not_found()
            verb = form.spec.verb
            values = parse.api_values(request)
            stored = await self._accept(scope, form, values, request.key, request.source)
        except (Refused, Busy) as error:
            self.house.count(verb, error)
            raise
        self.house.count(verb, None)
        return self._promise(stored, form)

    async def _post_form(self, scope: Scope, proto: Any, form: Form) -> Answer:
        values: dict[str, str] = {}
        in_json = _reads_json(scope)
        try:
            body = await self._body(scope, proto, "application/x-www-form-urlencoded")
            pairs = parse.form_pairs(body)
            values = dict(pairs)
            query = parse.query_values(scope.query_string)
            values = one_value_each(pairs)
            for name in form.tokens:
                values[name] = values.get(name) or query.get("t", "")
            source = query.get("s", values.get("s", ""))
            stored = await self._accept(scope, form, values, values.get("key", ""), source)
        except (Refused, Busy) as error:
            self.house.count(form.spec.verb, error)
            if in_json:
                return answers.as_json(error, site=self.house.site, words=form.spec.messages)
            again = answers.as_refill(error, form=form, values=values, site=self.house.site)
            if again is None:
                raise
            return again
        self.house.count(form.spec.verb, None)
        if in_json:
            return self._promise(stored, form)
        return self._redirect(303, form.spec.done, "no-store")

    async def _body(self, scope: Scope, proto: Any, content_type: str) -> bytes:
        """The request's body. Raises Refused for the wrong type, size or pace, and Gone."""
        has_length = _check_head(scope, content_type)
        loop, clock = asyncio.get_running_loop(), self.house.body_clock
        task = asyncio.current_task(loop)
        assert task is not None  # noqa: S101  a coroutine of Granian's always runs in a task
        clock.begin(task, loop.time())
        try:
            body = bytes(await proto()) if has_length else await _chunked(proto)
        except asyncio.CancelledError:
            if clock.end(task):
                raise Refused("timeout", status=408) from None
            raise
        except RuntimeError as error:  # granian's RSGIProtocolClosed and RSGIProtocolError
            raise Gone from error
        finally:
            clock.end(task)
        return body

    async def _accept(
        self, scope: Scope, form: Form, values: dict[str, str], key: str, source: str
    ) -> bytes:
        forwarded = scope.headers.get("x-forwarded-for")
        rehearsal = scope.headers.get(passes.HEADER)
        incoming = Incoming(
            form=form,
            values=values,
            key=key,
            source=source,
            sender=self.house.door.limits.sender(peer_address(scope.client), forwarded),
            cross_site=self._is_cross_site(scope),
            run=self._run(rehearsal, form) if rehearsal is not None else "",
        )
        return await accept(self.house.door, incoming)

    def _run(self, token: str, form: Form) -> str:
        return self.house.passes.run(token, verb=form.spec.verb)

    def _promise(self, stored: bytes, form: Form) -> Answer:
        promise = {"id": stored.hex(), "status": "stored", "next": form.spec.done}
        headers = [
            ("content-type", "application/json"),
            ("cache-control", "no-store"),
            *self.house.site.security,
        ]
        return Answer(202, headers, msgspec.json.encode(promise))

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

    def _broken(self, scope: Scope, path: str) -> Answer:
        form = self.house.site.snapshot.form(path)
        if form is not None and scope.method == "POST" and _reads_json(scope):
            words = form.spec.messages
            return answers.as_json(answers.internal(), site=self.house.site, words=words)
        return self._refuse(path, answers.internal())

    def _redirect(self, status: int, location: str, cache: str, *more: tuple[str, str]) -> Answer:
        headers = [("location", location), ("cache-control", cache), *more]
        return Answer(status, [*headers, *self.house.site.security], b"")

    def _send_asset(self, asset: Asset, scope: Scope, proto: Any) -> tuple[int, int]:
        get = scope.headers.get
        seen = get("if-none-match")
        if seen is not None and (asset.etag in seen or seen == "*"):
            proto.response_empty(304, asset.not_modified)
            return 304, 0
        if asset.body is None:
            if scope.method == "HEAD":
                proto.response_empty(200, asset.plain)
            else:
                proto.response_file(200, asset.plain, str(asset.path))
            return 200, 0
        headers, body = asset.plain, asset.body
        wanted = get("accept-encoding")
        if wanted is not None:
            for encoding, packed in asset.packed.items():
                if encoding in wanted:
                    headers, body = packed
                    break
        proto.response_bytes(200, headers, body)
        return 200, len(body)

    def _is_cross_site(self, scope: Scope) -> bool:
        """Whether another site's page sent this. No cookie is read, so it is only a mark."""
        get = scope.headers.get
        fetched_from = get("sec-fetch-site")
        if fetched_from is not None:
            return fetched_from not in {"same-origin", "none"}
        origin = get("origin")
        if origin is None:
            return False
        ours = {self.house.origin, f"http://{get('host')}", f"https://{get('host')}"}
        return origin not in ours


def _moved_to(path: str, snapshot: Snapshot) -> str | None:
    """Where a page is that somebody looks for where it was, or without its last slash."""
    slashed = f"{path}/"
    return (
        slashed
        if slashed in snapshot.assets
        else (snapshot.moved.get(path) or snapshot.moved.get(slashed))
    )


def _reads_json(scope: Scope) -> bool:
    """Whether this is the page's own script, which sends the form as it is and reads JSON."""
    return (scope.headers.get("accept") or "").startswith("application/json")


def _check_head(scope: Scope, content_type: str) -> bool:
    """Whether the length of the body was said. Raises Refused for the wrong type or size."""
    get = scope.headers.get
    encoding = get("content-encoding")
    if encoding is not None and set(scope.headers.get_all("content-encoding")) != {"identity"}:
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
