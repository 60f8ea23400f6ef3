"""The mailbox's HTTP server: small, threaded, on this machine only."""

import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from groundswell.ops.mailbox import pages
from groundswell.ops.mailstore import MailStore, Summary, part

_MAIL: Final = re.compile(r"/(api/)?messages/([0-9a-f-]{28})(/html|/raw)?")
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# A mail's own styles are in its tags; its scripts and pictures from elsewhere stay out.
_MAIL_POLICY: Final = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:"
)


class Answer(msgspec.Struct):
    """One HTTP answer."""

    body: bytes
    type: str = "text/html; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK
    headers: dict[str, str] = {}


def server(store: MailStore, *, address: str, port: int) -> ThreadingHTTPServer:
    """A server ready for `serve_forever`."""

    class Handler(_Handler):
        mails = store

    return ThreadingHTTPServer((address, port), Handler)


class _Handler(BaseHTTPRequestHandler):
    mails: MailStore
    server_version = "mailbox"
    sys_version = ""
    timeout = 20

    def do_GET(self) -> None:
        # A page elsewhere that points its own name at this machine must not read the mail.
        host = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host")
        if host not in {"localhost", "127.0.0.1", "[::1]"}:
            self._send(Answer(b"Not for this name.", "text/plain", HTTPStatus.MISDIRECTED_REQUEST))
            return
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        self._send(answer(self.mails, url.path, query) or _missing())

    do_HEAD = do_GET  # noqa: N815  the standard library's name

    def _send(self, reply: Answer) -> None:
        self.send_response(reply.status)
        headers = {
            "Content-Type": reply.type,
            "Content-Length": str(len(reply.body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        } | reply.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the page asks every two seconds."""


def answer(mails: MailStore, path: str, query: dict[str, str]) -> Answer | None:
    """What is at a path; None for nothing."""
    to = query.get("to", "")
    if path == "/":
        return _page(pages.listing(mails.newest(to=to), total=mails.count(), to=to))
    if path == "/api/messages":
        found = [_record(mail) for mail in mails.newest(to=to)]
        return _json({"messages": found, "total": mails.count()})
    if path in pages.ASSETS:
        kind, body = pages.ASSETS[path]
        return Answer(body, kind)
    match = _MAIL.fullmatch(path)
    return _mail(mails, *match.groups()) if match else None


def _mail(mails: MailStore, api: str | None, name: str, view: str | None) -> Answer | None:
    message = mails.read(name)
    if message is None:
        return None
    if api:
        headers = [[key, str(value)] for key, value in message.items()]
        texts = {"text": part(message, "plain"), "html": part(message, "html")}
        return _json({"id": name, "headers": headers, **texts})
    if view == "/html":
        html = '<!doctype html><base target="_blank">' + part(message, "html")
        return Answer(html.encode(), headers={"Content-Security-Policy": _MAIL_POLICY})
    if view == "/raw":
        attachment = {"Content-Disposition": f'attachment; filename="{name}.eml"'}
        return Answer(mails.raw(name) or b"", "message/rfc822", headers=attachment)
    return _page(pages.mail(name, message))


def _record(mail: Summary) -> dict[str, Any]:
    return {
        "id": mail.id,
        "at": mail.at.isoformat(),
        "from": mail.sender,
        "to": mail.to,
        "subject": mail.subject,
        "url": f"/api/messages/{mail.id}",
    }


def _page(html: str) -> Answer:
    return Answer(html.encode())


def _json(value: Any) -> Answer:
    return Answer(msgspec.json.encode(value), "application/json")


def _missing() -> Answer:
    return Answer(pages.missing().encode(), status=HTTPStatus.NOT_FOUND)
