"""A small hand-written site, and a real intake serving it: what the tests of this room stand on."""

import contextlib
import gzip
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import brotli
import msgspec
import zstandard

from groundswell.base import keyring, wire
from groundswell.base.wire import ConsentSpec, FieldSpec, PageSpec, Submission
from groundswell.intake.journal_reader import JournalReader
from tests.support.ports import free_port

PAGE: Final = "a" * 32
PATH: Final = "/en/rivers/sign/"
GOOD: Final = {"given_name": "Amina", "family_name": "O’Brien", "email": "amina@example.org"}
MESSAGES: Final = {
    "summary_title": "Please look again",
    "required": "Please fill this in.",
    "too_long": "At most {limit} characters.",
    "email_syntax": "That is not an e-mail address.",
    "busy": "Very busy, please send it again.",
    "too_many": "Please wait a moment.",
    "key_reused": "This form was already sent.",
}
FIELDS: Final = (
    FieldSpec("given_name", "name", required=True),
    FieldSpec("family_name", "name"),
    FieldSpec("email", "email", required=True, max=254),
    FieldSpec("country", "country"),
    FieldSpec("postcode", "postcode"),
    FieldSpec("phone", "phone"),
    FieldSpec("comment", "text", max=1000),
    FieldSpec("q_why", "line", max=80),
    FieldSpec("q_colour", "choice", choices=("red", "blue")),
    FieldSpec("q_adult", "check"),
)
REFILL: Final = (
    "<!doctype html><title>Sign</title>\x02summary\x03<form method=post>"
    '<input id="f-given_name" name=given_name value="\x02value:given_name\x03"'
    '\x02invalid:given_name\x03>\x02error:given_name\x03<input id="f-email" name=email '
    'value="\x02value:email\x03"\x02invalid:email\x03>\x02error:email\x03'
    "<textarea name=comment>\x02value:comment\x03</textarea>"
    "<input type=checkbox name=consent_news value=v2\x02checked:consent_news=v2\x03>"
    "<option value=red\x02selected:q_colour=red\x03>"
    "<option value=blue\x02selected:q_colour=blue\x03></form>"
)


def spec(**changes: Any) -> PageSpec:
    """The spec of the sign form, with whatever a test wants different."""
    values: dict[str, Any] = {
        "page": PAGE,
        "lang": "en",
        "path": PATH,
        "done": f"{PATH}thanks/",
        "fields": FIELDS,
        "consents": (ConsentSpec("news", ("v1", "v2")),),
        "messages": MESSAGES,
        **changes,
    }
    return PageSpec(**values)


def write_page(folder: Path, url: str, body: str, *, packed: bool = True) -> None:
    """Publish one file as `campaigns.publish` does: the file, its variants, no torn writes."""
    path = folder / "site" / "public" / url.lstrip("/")
    path = path / "index.html" if url.endswith("/") else path
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, body.encode())
    if packed:
        _replace(Path(f"{path}.br"), brotli.compress(body.encode()))
        _replace(Path(f"{path}.zst"), zstandard.compress(body.encode()))
        _replace(Path(f"{path}.gz"), gzip.compress(body.encode()))


def write_spec(folder: Path, page_spec: PageSpec, *, refill: str = REFILL) -> None:
    """Publish a PageSpec with its refill page."""
    stem = f"{page_spec.page}.{page_spec.verb}.{page_spec.lang}"
    specs = folder / "site" / "specs"
    specs.mkdir(parents=True, exist_ok=True)
    if refill:
        _replace(specs / f"{stem}.refill.html", refill.encode())
        page_spec = msgspec.structs.replace(page_spec, refill=f"{stem}.refill.html")
    _replace(specs / f"{stem}.json", wire.encode_spec(page_spec))


def touch_generation(folder: Path) -> None:
    """Say that the site has changed."""
    _replace(folder / "site" / "generation", str(time.time_ns()).encode())


def write_site(folder: Path, *specs: PageSpec) -> None:
    """A site in two languages with one action, its thank-you page, a count and error pages."""
    for language in ("en", "ar"):
        write_page(folder, f"/{language}/", f"<h1>home {language}</h1>")
        for status in (400, 404, 405, 410, 413, 429, 500, 503):
            write_page(
                folder, f"/{language}/errors/{status}.html", f"<h1>error {status} {language}</h1>"
            )
    write_page(folder, PATH, "<h1>sign</h1>" + "<p>words</p>" * 200)
    write_page(folder, f"{PATH}thanks/", "<h1>thanks</h1>")
    write_page(folder, f"/count/{PAGE}.json", json.dumps({"page": PAGE, "counted": 1}))
    write_page(folder, "/assets/app.0123abcd.js", "let a = 1;")
    write_page(folder, "/robots.txt", "User-agent: *\n", packed=False)
    for page_spec in specs or (spec(),):
        write_spec(folder, page_spec)
    touch_generation(folder)


def make_folder(folder: Path, *specs: PageSpec) -> Path:
    """A data folder with keys and a site."""
    keyring.init(folder / "keys")
    write_site(folder, *specs)
    return folder


class Answer:
    """An HTTP answer, read to the end."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Intake:
    """A real intake process over a data folder."""

    program = "from groundswell.base import env; from groundswell.intake import server; "
    program += "server.run(env.load())"

    def __init__(self, folder: Path, *, program: str = "", **settings: Any) -> None:
        self.folder = folder
        self.port = free_port()
        self.metrics_port = free_port()
        self._program = program or self.program
        self._settings = settings
        self.log = folder / "intake.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, wrapper: Sequence[str] = ()) -> "Intake":
        values = {
            "var": self.folder,
            "public_port": self.port,
            "metrics_port": self.metrics_port,
            "rate_exempt": "127.0.0.0/8",
            **self._settings,
        }
        environ = {k: v for k, v in os.environ.items() if not k.startswith("GROUNDSWELL_")}
        environ |= {f"GROUNDSWELL_{name.upper()}": str(value) for name, value in values.items()}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*wrapper, sys.executable, "-c", self._program],
                env=environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_up()
        return self

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process and self.process.poll() is None:
            try:
                self.get("/healthz")
            except OSError:
                time.sleep(0.03)
            else:
                return
        raise AssertionError(f"intake did not start: {self.log.read_text()[-2000:]}")

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def kill(self) -> None:
        """kill -9 on every process of it, at once."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def connect(self, timeout: float = 20) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        with contextlib.closing(self.connect()) as connection:
            connection.request(method, path, body, dict(headers or {}))
            return Answer(connection.getresponse())

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, headers=_names(headers))

    def form(self, values: Mapping[str, str], path: str = PATH, **headers: str) -> Answer:
        """Send a form as a browser without JavaScript does."""
        named = {"content-type": "application/x-www-form-urlencoded", **_names(headers)}
        return self.request("POST", path, urlencode(values).encode(), named)

    def api(self, payload: object, **headers: str) -> Answer:
        """Send JSON as the page's script does."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        named = {"content-type": "application/json", **_names(headers)}
        return self.request("POST", "/api/v1/submissions", body, named)

    def raw(self, data: bytes, *, wait: float = 5.0) -> bytes:
        """Send bytes as they are; everything that comes back until it closes or pauses."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as link:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                link.sendall(data)
            return read_all(link)

    def metrics(self) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.metrics_port, timeout=5)
        with contextlib.closing(connection):
            connection.request("GET", "/metrics")
            return connection.getresponse().read().decode()

    def stored(self) -> list[Submission]:
        """Everything in the journal, opened with core's private key."""
        return read_journal(self.folder)


@contextlib.contextmanager
def intake(folder: Path, *, program: str = "", **settings: Any) -> Iterator[Intake]:
    """A running intake over a folder made by `make_folder`."""
    door = Intake(folder, program=program, **settings)
    try:
        yield door.start()
    finally:
        door.close()


def api_body(fields: Mapping[str, object] | None = None, **changes: Any) -> dict[str, Any]:
    """A good JSON submission with a fresh key."""
    return {
        "page": PAGE,
        "lang": "en",
        "key": os.urandom(16).hex(),
        "fields": dict(GOOD if fields is None else fields),
        **changes,
    }


def read_journal(folder: Path) -> list[Submission]:
    """Every record of every journal file, in order."""
    reader, keys = JournalReader(folder / "journal"), keyring.opening_keys(folder / "keys")
    found: list[Submission] = []
    for file in reader.files():
        after = 0
        while groups := reader.read(file, after=after):
            for group in groups:
                records = wire.decode_group(keys.open(group.sealed, info=group.info))
                assert len(records) == group.n
                found += [wire.decode_submission(record) for record in records]
            after = groups[-1].seq
    return found


def read_all(link: socket.socket) -> bytes:
    parts = []
    with contextlib.suppress(TimeoutError, ConnectionResetError):
        while part := link.recv(65536):
            parts.append(part)
    return b"".join(parts)


def wait_until(true: Callable[[], bool], *, seconds: float) -> None:
    """Wait for something to come true. Raises AssertionError when it does not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def in_threads(count: int, work: Any) -> list[threading.Thread]:
    threads = [threading.Thread(target=work, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    return threads


def _names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(data)
    draft.replace(path)
