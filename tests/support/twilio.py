"""A stand-in for Twilio: takes calls over its HTTP API, judges them, and acts as the telephone.

It signs with Twilio's own package, so that our signature code is not judged by itself.
"""

import base64
import contextlib
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree as ET

from twilio.request_validator import RequestValidator

from tests.support.ports import free_port

SID: Final = "AC" + "0" * 31 + "1"
TOKEN: Final = "5ca1ab1e" * 4
NUMBER: Final = "+442079460000"
_PATH: Final = f"/2010-04-01/Accounts/{SID}/Calls.json"


class Twilio:
    """What was asked of it. `answers` are the next ones: a status, or `cut` to hang up on us."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[dict[str, str]] = []
        self.refused: list[str] = []
        self.answers: list[int | str] = []

    def wrong(self, path: str, headers: Mapping[str, str], form: Mapping[str, str]) -> str:
        """What Twilio would not like about a request; empty for a good one."""
        login = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if path != _PATH or headers.get("Authorization") != f"Basic {login}":
            return "authenticate"
        if headers.get("Content-Type") != "application/x-www-form-urlencoded":
            return "no form"
        if not {"To", "From", "Url"} <= set(form) or form["From"] != NUMBER:
            return "fields"
        return "" if len(form["Url"]) < 4_000 else "address"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    twilio: Twilio


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        twilio = self.server.twilio
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        form = dict(parse_qsl(body))
        wrong = twilio.wrong(self.path, dict(self.headers.items()), form)
        if wrong:
            twilio.refused.append(wrong)
            self._say(401, {"code": 20003})
            return
        answer = twilio.answers.pop(0) if twilio.answers else 201
        if answer in {201, "cut", 500}:
            twilio.calls.append(form)  # whatever we hear of it, the telephone rings
        if answer == "cut":
            self.connection.close()
            return
        said: dict[str, object] = {"sid": f"CA{len(twilio.calls):032x}"}
        self._say(int(answer), said if answer == 201 else {"code": 21211, "message": form["To"]})

    def _say(self, status: int, data: Mapping[str, object]) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
        """A test's own assertions say what happened."""

    def handle_error(self, *_: object) -> None:
        """It hung up on purpose."""


@contextlib.contextmanager
def running() -> Iterator[Twilio]:
    """A stand-in on a port of its own."""
    port = free_port()
    server = _Server(("127.0.0.1", port), _Handler)
    server.twilio = Twilio(f"http://127.0.0.1:{port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.twilio
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def post(
    voice: str, url: str, form: Mapping[str, str], signature: str | None = None
) -> tuple[int, bytes]:
    """What the voice at `voice` answers to a request for the public address `url`."""
    if signature is None:
        signature = RequestValidator(TOKEN).compute_signature(url, dict(form))
    parts = urlsplit(url)
    place = voice + parts.path + (f"?{parts.query}" if parts.query else "")
    asked = urllib.request.Request(
        place,
        data=urlencode(form).encode(),
        headers={
            "X-Twilio-Signature": signature,
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        },
    )
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


class Phone:
    """Somebody who answers: walks the TwiML as Twilio does. `dialled` are whom they reached."""

    def __init__(self, call: Mapping[str, str], voice: str) -> None:
        self.call = call
        self.voice = voice
        self.said: list[str] = []
        self.dialled: list[dict[str, str]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []

    def answers(self, *, keys: Sequence[str], ends: Sequence[str]) -> "Phone":
        """Press these keys when asked (empty: none); each call ends as `ends` says."""
        pressed, left = list(keys), list(ends)
        twiml: ET.Element | None = self.goes_to(self.call["Url"], {"CallStatus": "in-progress"})
        while twiml is not None:
            twiml = self._walk(twiml, pressed, left)
        self.goes_to(self.call["StatusCallback"], {"CallStatus": "completed", "CallDuration": "70"})
        return self

    def goes_to(self, url: str, form: dict[str, str]) -> ET.Element:
        form = {"CallSid": "CA1", "To": self.call["To"], **form}
        self.asked.append((url, form))
        status, body = post(self.voice, url, form)
        assert status == 200, (status, url)
        return ET.fromstring(body)

    def _walk(self, twiml: ET.Element, keys: list[str], ends: list[str]) -> ET.Element | None:
        for verb in twiml:
            self.said += [say.text or "" for say in verb.iter("Say")]
            if verb.tag == "Gather":
                digits = keys.pop(0) if keys else ""
                if digits:
                    return self._next(verb, {"Digits": digits})
            elif verb.tag == "Redirect":
                return self.goes_to(self._whole(verb.text or ""), {})
            elif verb.tag == "Dial":
                number = verb.find("Number")
                self.dialled.append(
                    {**verb.attrib, "number": (number.text or "") if number is not None else ""}
                )
                status = ends.pop(0)
                form = {"DialCallStatus": status}
                if status == "completed":
                    form["DialCallDuration"] = "61"
                return self._next(verb, form)
            elif verb.tag == "Hangup":
                return None
        return None

    def _next(self, verb: ET.Element, form: dict[str, str]) -> ET.Element:
        return self.goes_to(self._whole(verb.attrib["action"]), form)

    def _whole(self, path: str) -> str:
        parts = urlsplit(self.call["Url"])
        return f"{parts.scheme}://{parts.netloc}{path}"


def wait_for(url: str, seconds: float = 20.0) -> None:
    """Wait until somebody answers there with 200."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert time.monotonic() < deadline, f"{url} never answered"
            time.sleep(0.1)
