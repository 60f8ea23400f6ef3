"""nginx in front, as deploy/nginx has it: what intake would answer, at nginx's speed."""

import contextlib
import http.client
import itertools
import json
import os
import re
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from groundswell.base import passes
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import read_all, wait_until
from tests.deploy.front import (
    DEPLOY,
    NAME,
    Answer,
    Front,
    certificate,
    filled,
    needs,
    nginx,
    program,
)

pytestmark = needs("nginx", "curl", "openssl")

PAGES: Final = ("/en/", "/ar/", site.PATH, f"{site.PATH}thanks/", f"/count/{site.PAGE}.json",
                "/assets/app.0123abcd.js", "/robots.txt", "/api/v1/openapi.json")  # fmt: skip
ALL: Final = "gzip, deflate, br, zstd"
GONE: Final = ("/en/nothing/", "/ar/nothing/", "/nothing", "/en/%2e%2e/secret")
# What each server may say of itself and of the connection.
OWN: Final = {"date", "server", "connection", "content-length", "transfer-encoding", "keep-alive"}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with nginx(tmp_path_factory.mktemp("nginx"), rate_exempt="127.0.0.0/8") as running:
        yield running


def direct(front: Front, path: str, method: str = "GET", **headers: str) -> Answer:
    """The same, asked of intake itself."""
    found = front.intake.request(
        method, path, headers={"host": NAME, **{n.replace("_", "-"): v for n, v in headers.items()}}
    )
    return Answer("", found.status, found.headers, found.body)


def named(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OWN}


@pytest.mark.parametrize(
    ("version", "encoding"),
    [
        ("--http2", ""),
        ("--http2", "gzip"),
        ("--http2", "br;q=0, gzip"),
        ("--http2", ALL),
        ("--http1.1", ALL),
    ],
)
@pytest.mark.parametrize("path", PAGES)
def test_it_answers_as_intake_does(front: Front, path: str, encoding: str, version: str) -> None:
    expected = direct(front, path, accept_encoding=encoding.replace("br;q=0, ", ""))
    for _ in range(2):  # the second one comes out of the cache
        answer = front.ask(path, version, headers={"Accept-Encoding": encoding})
        assert answer.version == {"--http2": "HTTP/2", "--http1.1": "HTTP/1.1"}[version]
        assert answer.status == expected.status
        assert named(answer) == named(expected)
        assert answer.body == expected.body
        assert answer.headers["strict-transport-security"]


@pytest.mark.parametrize("path", GONE)
def test_it_shows_intakes_own_error_pages(front: Front, path: str) -> None:
    expected = direct(front, path)
    answer = front.ask(path)
    assert expected.status in {400, 404}
    assert (answer.status, answer.body) == (expected.status, expected.body)


def test_it_sends_a_head_alone(front: Front) -> None:
    expected = front.ask(site.PATH)
    answer = front.ask(site.PATH, "--head")  # curl writes the head where the body would go
    assert (answer.status, answer.body[:5]) == (200, b"HTTP/")
    assert b"<h1>" not in answer.body
    assert named(answer) == named(expected)


def test_it_says_what_has_not_changed(front: Front) -> None:
    first = front.ask(site.PATH, headers={"Accept-Encoding": "br"})
    tag = first.headers["etag"]
    again = front.ask(site.PATH, headers={"Accept-Encoding": "br", "If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == tag
    assert again.headers["cache-control"] == first.headers["cache-control"]
    other = front.ask(site.PATH, headers={"Accept-Encoding": "br", "If-None-Match": '"old"'})
    assert other.status == 200


def test_it_leads_each_visitor_to_their_language(front: Front) -> None:
    for wanted, found in itertools.product(("ar", "en", "ar"), range(2)):
        answer = front.ask("/", headers={"Accept-Language": wanted})
        assert (answer.status, answer.headers["location"], found) == (302, f"/{wanted}/", found)


def test_it_keeps_no_redirect_with_somebody_elses_query(front: Front) -> None:
    moved = site.PATH.rstrip("/")
    for token in ("mine", "yours"):
        answer = front.ask(f"{moved}?t={token}")
        assert (answer.status, answer.headers["location"]) == (301, f"{site.PATH}?t={token}")


@pytest.mark.parametrize("trick", ["/x/../en/", "/en/./", "//en/", "/en/;x", "/en/%2e%2e/en/"])
def test_it_keeps_no_answer_in_anothers_place(front: Front, trick: str) -> None:
    asked = front.ask(trick)
    assert asked.status == direct(front, trick).status
    assert front.ask("/en/").body == direct(front, "/en/").body


def test_it_takes_a_form_and_a_program(front: Front) -> None:
    before = len(front.intake.stored())
    answer = front.form(site.GOOD)
    assert (answer.status, answer.headers["location"]) == (303, f"{site.PATH}thanks/")
    assert answer.headers["cache-control"] == "no-store"
    promised = front.ask(
        "/api/v1/submissions", "--json", json.dumps(site.api_body()), headers={"Cookie": "no=1"}
    )
    assert promised.status == 202
    assert len(front.intake.stored()) == before + 2


def test_it_gives_a_wrong_form_back_with_its_values(front: Front) -> None:
    answer = front.form({**site.GOOD, "email": "nobody"})
    assert answer.status == 422
    assert "Amina" in answer.body.decode()


def test_it_keeps_what_was_typed_off_the_disk(front: Front) -> None:
    long = {**site.GOOD, "comment": "x" * 60_000}
    for version in ("--http1.1", "--http2"):
        front.form(long, version)
        front.form(long, version, "-H", "Transfer-Encoding: chunked" if "1" in version else "X: y")
    assert "buffered to a temporary file" not in front.said


def test_it_would_see_a_form_on_the_disk(tmp_path: Path) -> None:
    changes = {"client_body_buffer_size 128k": "client_body_buffer_size 1k"}
    with nginx(tmp_path, changes=changes) as careless:
        careless.form({**site.GOOD, "comment": "x" * 60_000})
        assert "buffered to a temporary file" in careless.said


@pytest.mark.parametrize("path", [site.PATH, "/api/v1/submissions"])
def test_it_refuses_too_large_a_body_in_words(front: Front, path: str) -> None:
    answer = front.ask(path, "--data-binary", "x" * 100_000)
    assert (answer.status, answer.headers["cache-control"]) == (413, "no-store")
    if path.startswith("/api/"):
        assert json.loads(answer.body)["error"]["code"] == "too_large"
    else:
        assert answer.body == b"<h1>error 413 en</h1>"


def test_it_hides_health_from_the_world(front: Front) -> None:
    assert front.ask("/healthz").status == 200
    answer = front.ask("/healthz", "--interface", "127.0.0.9")
    assert (answer.status, answer.body) == (404, b"<h1>error 404 en</h1>")


POST: Final = f"POST {site.PATH} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 5\r\n"
GET: Final = f"GET {site.PATH} HTTP/1.1\r\nHost: {NAME}\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        f"{POST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        f"{POST}Content-Length: 6\r\n\r\nhello",
        f"{GET}X : y\r\n\r\n",
        f"{GET}Host: evil.example\r\n\r\n",
    ],
)
def test_it_refuses_a_request_that_means_two_things(front: Front, sent: str) -> None:
    with connected(front) as link:
        link.sendall(sent.encode())
        assert b" 400 " in read_all(link).split(b"\r\n")[0]


@contextlib.contextmanager
def connected(front: Front) -> Iterator[ssl.SSLSocket]:
    context = ssl.create_default_context(cafile=str(front.folder / "crt.pem"))
    with (
        socket.create_connection(("127.0.0.1", front.port), timeout=30) as link,
        context.wrap_socket(link, server_hostname=NAME) as wrapped,
    ):
        yield wrapped


def test_it_answers_for_no_other_name(front: Front) -> None:
    context = ssl.create_default_context(cafile=str(front.folder / "crt.pem"))
    with (
        socket.create_connection(("127.0.0.1", front.port), timeout=30) as link,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(link, server_hostname="evil.example.org")


def test_it_counts_by_the_address_it_sees_itself(tmp_path: Path) -> None:
    with nginx(tmp_path, rate_burst="3", rate_per_second="0.001") as front:
        for claimed in ("192.0.2.1", "198.51.100.2", "203.0.113.3", "192.0.2.4", "192.0.2.5"):
            last = front.form(
                site.GOOD, "--interface", "127.0.1.5", "-H", f"X-Forwarded-For: {claimed}"
            )
        assert last.status == 429
        assert front.form(site.GOOD, "--interface", "127.0.1.77").status == 429, "the same /24"
        assert front.form(site.GOOD, "--interface", "127.0.2.5").status == 303


def test_it_believes_the_address_a_cdn_tells_and_nobody_else(tmp_path: Path) -> None:
    changes = {
        r"# set_real_ip_from 192\.0\.2\.0/24": "set_real_ip_from 127.0.9.0/24",
        "# real_ip_header": "real_ip_header",
        "# real_ip_recursive": "real_ip_recursive",
    }
    settings = {"rate_burst": "3", "rate_per_second": "0.001"}
    with nginx(tmp_path, changes=changes, **settings) as front:

        def sent(peer: str, told: str) -> int:
            told = f"X-Forwarded-For: {told}"
            return front.form(site.GOOD, "--interface", peer, "-H", told).status

        for _ in range(5):
            last = sent("127.0.9.1", "198.51.100.7")
        assert last == 429
        assert sent("127.0.9.1", "203.0.113.9") == 303, "another visitor of the CDN"
        assert sent("127.0.9.2", "203.0.113.9, 198.51.100.8") == 429, "the last one it saw itself"
        for number in range(5):
            last = sent("127.0.1.5", f"203.0.{number}.9")
        assert last == 429, "not the CDN"


def test_it_slows_a_flood_from_one_network(tmp_path: Path) -> None:
    changes = {"rate=100r/s": "rate=1r/m", "burst=400 nodelay": "burst=5 nodelay"}
    with nginx(tmp_path, changes=changes, rate_exempt="127.0.0.0/8") as front:
        statuses = [front.form(site.GOOD, "--interface", "127.0.1.5") for _ in range(10)]
        assert [answer.status for answer in statuses] == [303] * 6 + [429] * 4
        assert statuses[-1].headers["retry-after"]
        assert statuses[-1].body == b"<h1>error 429 en</h1>"
        by_api = front.ask("/api/v1/submissions", "--json", "{}", "--interface", "127.0.1.6")
        assert json.loads(by_api.body)["error"]["code"] == "too_many"
        assert front.ask("/en/", "--interface", "127.0.1.5").status == 200, "reading is free"
        assert front.form(site.GOOD, "--interface", "127.0.2.5").status == 303


def test_it_turns_away_at_once_what_intake_cannot_take(tmp_path: Path) -> None:
    with nginx(tmp_path, changes={"max_conns=512": "max_conns=2"}) as front:
        front.ask("/en/")
        assert front.intake.process is not None
        os.killpg(front.intake.process.pid, signal.SIGSTOP)
        try:
            with contextlib.ExitStack() as held:
                for _ in range(2):
                    _hold(held.enter_context(connected(front)))
                wait_until(lambda: _posted(front) == 503, seconds=60)
                refused = front.form(site.GOOD)
                assert refused.headers["retry-after"] == "5"
                assert refused.body == b"<h1>error 503 en</h1>"
                assert front.ask("/en/").status == 200, "pages are still there"
        finally:
            os.killpg(front.intake.process.pid, signal.SIGCONT)
        wait_until(lambda: _posted(front) == 303, seconds=60)


def _posted(front: Front) -> int:
    """What a form is answered with; 0 if nothing comes back."""
    try:
        return front.form(site.GOOD, "--max-time", "10").status
    except subprocess.CalledProcessError:
        return 0


def _hold(link: ssl.SSLSocket) -> None:
    body = b"given_name=A&email=a%40example.org"
    head = f"POST {site.PATH} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {len(body)}\r\n"
    link.sendall(head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body)


def test_it_goes_on_showing_pages_when_intake_is_gone(tmp_path: Path) -> None:
    with nginx(tmp_path) as front:
        before = {path: front.ask(path) for path in PAGES}
        front.intake.stop()
        for path, answer in before.items():
            again = front.ask(path)
            assert (again.status, again.body) == (200, answer.body)
        form = front.form(site.GOOD)
        assert (form.status, form.body) == (503, b"<h1>error 503 en</h1>")
        assert form.headers["retry-after"] == "5"
        assert form.headers["cache-control"] == "no-store"
        by_api = front.ask("/api/v1/submissions", "--json", "{}")
        assert (by_api.status, by_api.headers["retry-after"]) == (503, "5")
        assert json.loads(by_api.body)["error"]["code"] == "busy"
        unseen = front.ask("/ar/nobody-was-here/")
        assert (unseen.status, unseen.body) == (503, b"<h1>error 503 ar</h1>")
        (front.folder / "site/public/ar/errors/503.html").unlink()
        (front.folder / "site/public/en/errors/503.html").unlink()
        assert b"Please try again" in front.ask("/ar/nobody-was-here/").body


def test_it_hangs_up_on_whoever_never_finishes(tmp_path: Path) -> None:
    changes = {"client_header_timeout 10s": "client_header_timeout 1s",
               "client_body_timeout 10s": "client_body_timeout 1s"}  # fmt: skip
    with nginx(tmp_path, changes=changes) as front:
        for sent in (
            f"GET / HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: ",
            f"POST {site.PATH} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 500\r\n\r\ngiven",
        ):
            with connected(front) as link:
                link.sendall(sent.encode())
                # It is closed before this end gives up after half a minute.
                with contextlib.suppress(ConnectionError, ssl.SSLEOFError):
                    while link.recv(65536):
                        pass


def test_it_ships_a_studio_that_nginx_takes(tmp_path: Path) -> None:
    certificate(tmp_path, "studio.example.org")
    studio = filled(
        DEPLOY / "nginx/groundswell-studio.conf",
        {r"/etc/letsencrypt/live/studio\.example\.org/fullchain\.pem": f"{tmp_path}/crt.pem",
         r"/etc/letsencrypt/live/studio\.example\.org/privkey\.pem": f"{tmp_path}/key.pem"},
    )  # fmt: skip
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {studio} }}"
    )
    done = subprocess.run(
        [str(program("nginx")), "-t", "-q", "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_it_passes_on_every_header_that_intake_reads() -> None:
    text = (DEPLOY / "nginx/groundswell.conf").read_text().lower()
    code = (DEPLOY.parent / "src/groundswell/intake/rsgi.py").read_text()
    read = set(http_names(code)) - {"content-length", "if-none-match"}
    assert {"host", "x-forwarded-for", "content-type", "accept"} <= read
    assert [name for name in sorted(read) if f"proxy_set_header {name} " not in text] == []


def http_names(code: str) -> list[str]:
    """The names of the headers a module asks for."""
    found = re.findall(r'get(?:_all)?\("([a-z-]+)"\)', code)
    return [*found, *([passes.HEADER] if "passes.HEADER" in code else [])]


def test_it_uses_no_header_of_a_connection_that_is_closed(front: Front) -> None:
    """Many visitors over one kept connection, each with their own form."""
    context = ssl.create_default_context(cafile=str(front.folder / "crt.pem"))
    link = http.client.HTTPSConnection("127.0.0.1", front.port, timeout=30, context=context)
    link.sock = context.wrap_socket(
        socket.create_connection(("127.0.0.1", front.port), timeout=30), server_hostname=NAME
    )
    with contextlib.closing(link):
        for _ in range(20):
            link.request("GET", site.PATH, headers={"Host": NAME})
            answer = link.getresponse()
            assert answer.status == 200
            answer.read()
