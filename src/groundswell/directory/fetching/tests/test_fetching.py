"""Fetching: all of an answer or one line that says why not, wherever it would lead us."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from groundswell.base import clock, env, netguard
from groundswell.directory.fetching.client import Client, Limits, for_operator
from groundswell.directory.fetching.connection import FetchFailed
from groundswell.directory.fetching.tests.names import named
from tests.support.answering import Web, answer, answering, moved
from tests.support.ports import free_port

SMALL = Limits(size=1 << 20, quiet=5, total=20)
MIRROR = netguard.networks("127.0.0.1/32")
SECRET = b"what only machines inside may read"


@pytest.fixture
def web() -> Iterator[Web]:
    with answering() as found:
        yield found


@pytest.fixture
def inside() -> Iterator[Web]:
    """A server in a private network that no setting names."""
    with answering({"/": SECRET}, host="127.0.0.2") as found:
        yield found


def _quietly(do: Callable[..., object], *what: object) -> None:
    do(*what)


def client(**more: Any) -> Client:
    options: dict[str, Any] = {"sleep": lambda _seconds: None, **more}
    return Client(agent="Test (https://act.example.org)", allow=MIRROR, **options)


def test_it_fetches_and_says_who_asks(web: Web) -> None:
    web.routes["/data.json"] = b'{"all": "well"}'
    assert client().get(web.url + "/data.json") == b'{"all": "well"}'
    headers = web.asked[0].headers
    assert headers["User-Agent"] == "Test (https://act.example.org)"
    assert headers["Host"] == web.host


def test_it_names_the_operator() -> None:
    settings = env.read(
        {
            "GROUNDSWELL_PUBLIC_URL": "https://act.example.org",
            "GROUNDSWELL_MAIL_FROM": "Us <team@example.org>",
        }
    )
    agent = for_operator(settings)._agent
    assert agent == "Groundswell directory refresh (https://act.example.org; team@example.org)"


def test_it_unpacks_gzip(web: Web) -> None:
    packed = gzip.compress(b"a" * 300_000)
    web.routes["/"] = lambda to: answer(to, packed, Content_Encoding="gzip")
    assert client().get(web.url, limits=SMALL) == b"a" * 300_000
    assert web.asked[0].headers["Accept-Encoding"] == "gzip"


def test_it_takes_and_shows_no_cookies(web: Web) -> None:
    def setting(to: BaseHTTPRequestHandler) -> None:
        answer(to, b"", status=302, Location="/next", Set_Cookie="who=me; Path=/")

    web.routes.update({"/": setting, "/next": b"here"})
    assert client().get(web.url) == b"here"
    assert "Cookie" not in web.asked[1].headers


# Redirects ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_it_follows_a_redirect(web: Web, status: int) -> None:
    web.routes.update({"/old": moved("new?x=1", status), "/new?x=1": b"found"})
    assert client().get(web.url + "/old") == b"found"


def test_it_gives_up_on_a_circle(web: Web) -> None:
    web.routes["/"] = moved("/")
    with pytest.raises(FetchFailed, match="without end"):
        client().get(web.url)
    assert len(web.asked) < 10


@pytest.mark.parametrize(
    "target",
    [
        "https://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://2130706434/",
        "https://10.0.0.1/",
        "https://127.0.0.2/",
    ],
)
def test_it_follows_no_redirect_into_a_private_network(web: Web, target: str) -> None:
    web.routes["/"] = moved(target)
    with pytest.raises(FetchFailed, match=r"was not asked: .* not on the public internet"):
        client().get(web.url)


@pytest.mark.parametrize(
    "target",
    [
        "http://1.1.1.1/",
        "https://1.1.1.1:8443/",
        "file:///etc/passwd",
        "ftp://1.1.1.1/",
        "gopher://127.0.0.1:25/_HELO",
        "https://user:secret@127.0.0.1/",
        "https://[::1",
        "https://127.0.0.1:99999/",
        "https://127.0.0.1/\u00e4",
        "https://127.0.0.1/a b",
        "https://127.0.0.1/" + "a" * 9_000,
        "",
    ],
)
def test_it_follows_no_redirect_to_what_is_no_page(web: Web, target: str) -> None:
    web.routes["/"] = moved(target)
    with pytest.raises(FetchFailed, match=r"not asked|no address of a page|without saying where"):
        client().get(web.url)
    assert len(web.asked) == 1


def test_it_does_not_go_inside_by_a_redirect(web: Web, inside: Web) -> None:
    web.routes["/"] = moved(inside.url)
    with pytest.raises(FetchFailed, match="not on the public internet"):
        client().get(web.url)
    assert not inside.asked


def test_without_the_look_at_its_address_a_redirect_reads_what_is_inside(
    web: Web, inside: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control twin: the same story with the guard taken away."""
    web.routes["/"] = moved(inside.url)
    monkeypatch.setattr(netguard, "_inside", lambda _address, _allowed: True)
    assert client().get(web.url) == SECRET
    assert inside.asked


def test_it_refuses_a_name_that_means_a_machine_inside(
    web: Web, inside: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", named({"rebound.test": ["127.0.0.2"]}))
    web.routes["/"] = moved(f"https://rebound.test:{inside.host.rpartition(':')[2]}/")
    with pytest.raises(FetchFailed, match=r"rebound.test leads to 127\.0\.0\.2"):
        client().get(web.url)
    assert not inside.asked


def test_it_is_not_led_inside_by_a_name_that_changes_its_mind(
    web: Web, inside: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks a name up twice connects to what it means the second time."""
    web.routes["/"] = b"outside"
    port = int(web.host.rpartition(":")[2])
    meanings = named({"rebound.test": ["127.0.0.1"]}, {"rebound.test": ["127.0.0.2"]})
    monkeypatch.setattr(socket, "getaddrinfo", meanings)
    assert client().get(f"http://rebound.test:{port}/") == b"outside"
    assert web.asked[0].headers["Host"] == f"rebound.test:{port}"


# Too much, too slow, too little -------------------------------------------------------------------


def test_it_refuses_an_announced_size_at_once(web: Web) -> None:
    web.routes["/"] = lambda to: answer(to, b"", Content_Length=2 << 20)
    with pytest.raises(FetchFailed, match="more than 1 MiB"):
        client().get(web.url, limits=SMALL)


def test_it_stops_reading_what_has_no_end(web: Web) -> None:
    sent: list[int] = []

    def endless(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.end_headers()
        for number in range(100_000):
            to.wfile.write(b"x" * 65_536)
            sent.append(number)

    web.routes["/"] = endless
    with pytest.raises(FetchFailed, match="more than 1 MiB"):
        client().get(web.url, limits=SMALL)
    assert len(sent) < 1_000


def test_it_stops_unpacking_a_bomb(web: Web) -> None:
    bomb = gzip.compress(b"\0" * (200 << 20), 9)
    assert len(bomb) < SMALL.size
    web.routes["/"] = lambda to: answer(to, bomb, Content_Encoding="gzip")
    with pytest.raises(FetchFailed, match="more than 1 MiB"):
        client().get(web.url, limits=SMALL)


@pytest.mark.parametrize("coding", ["br", "deflate", "zstd", "gzip, gzip"])
def test_it_refuses_a_packing_it_did_not_ask_for(web: Web, coding: str) -> None:
    web.routes["/"] = lambda to: answer(to, b"x", Content_Encoding=coding)
    with pytest.raises(FetchFailed, match="not asked for"):
        client().get(web.url)


def test_it_refuses_damaged_gzip(web: Web) -> None:
    web.routes["/"] = lambda to: answer(to, b"no gzip at all", Content_Encoding="gzip")
    with pytest.raises(FetchFailed, match="damaged"):
        client().get(web.url)


@pytest.mark.parametrize("packed", [False, True])
def test_it_refuses_half_an_answer(web: Web, packed: bool) -> None:
    body = gzip.compress(bytes(range(256)) * 50)
    headers: dict[str, Any] = (
        {"Content_Encoding": "gzip"} if packed else {"Content_Length": len(body) + 10}
    )
    half = body[:-12] if packed else body
    web.routes["/"] = lambda to: answer(to, half, **headers)
    with pytest.raises(FetchFailed, match="in the middle"):
        client().get(web.url)


def test_it_refuses_chunks_that_break_off(web: Web) -> None:
    def breaking(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("Transfer-Encoding", "chunked")
        to.end_headers()
        to.wfile.write(b"5\r\nhello\r\n")

    web.routes["/"] = breaking
    with pytest.raises(FetchFailed, match="in the middle"):
        client().get(web.url)


def test_it_waits_no_longer_than_agreed_for_a_silent_server(web: Web) -> None:
    over = threading.Event()
    web.routes["/"] = lambda _to: _quietly(over.wait, 30)
    with pytest.raises(FetchFailed, match="was silent"):
        client().get(web.url, limits=Limits(quiet=0.2, total=20))
    over.set()


@pytest.mark.parametrize("headers_first", [True, False])
def test_it_waits_no_longer_than_agreed_for_one_that_drips(web: Web, headers_first: bool) -> None:
    """A byte now and then would keep any time-out that starts anew with each."""
    over = threading.Event()

    def dripping(to: BaseHTTPRequestHandler) -> None:
        if headers_first:
            to.send_response(200)
            to.end_headers()
        else:
            to.wfile.write(b"HTTP/1.0 200 OK\r\nX-Drip: ")
        while not over.wait(0.05):
            to.wfile.write(b"x")
            to.wfile.flush()

    web.routes["/"] = dripping
    try:
        with pytest.raises(FetchFailed, match="took longer"):
            client().get(web.url, limits=Limits(quiet=10, total=0.5))
    finally:
        over.set()


def test_it_says_when_nobody_is_there() -> None:
    port = free_port()
    with pytest.raises(FetchFailed, match="cannot be reached"):
        client().get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_it_says_what_was_answered_instead(web: Web, status: int) -> None:
    web.routes["/"] = lambda to: answer(to, b"", status=status)
    with pytest.raises(FetchFailed, match=f"answers {status}"):
        client().get(web.url)


def test_it_says_when_that_is_no_http(web: Web) -> None:
    web.routes["/"] = lambda to: _quietly(to.wfile.write, b"220 mail.example.org ESMTP\r\n")
    with pytest.raises(FetchFailed, match="cannot be reached"):
        client().get(web.url)


# Later -------------------------------------------------------------------------------------------


def test_it_comes_back_when_it_was_asked_to(web: Web) -> None:
    waits: list[float] = []
    answers = iter([429, 503, 200])

    def busy(to: BaseHTTPRequestHandler) -> None:
        answer(to, b"now", status=next(answers), Retry_After=7)

    web.routes["/"] = busy
    assert client(sleep=waits.append).get(web.url) == b"now"
    assert waits == [7.0, 7.0]


def test_it_reads_a_date_to_come_back_at(web: Web) -> None:
    waits: list[float] = []
    answers = iter([503, 200])
    then = clock.from_ms(clock.now_ms() + 30_000).strftime("%a, %d %b %Y %H:%M:%S GMT")

    def busy(to: BaseHTTPRequestHandler) -> None:
        answer(to, b"now", status=next(answers), Retry_After=then)

    web.routes["/"] = busy
    assert client(sleep=waits.append).get(web.url) == b"now"
    assert 20 < waits[0] <= 30


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_it_gives_up_after_three(web: Web, status: int) -> None:
    web.routes["/"] = lambda to: answer(to, b"", status=status)
    with pytest.raises(FetchFailed, match=rf"answers {status} .*\(3 times\)"):
        client().get(web.url)
    assert len(web.asked) == 3


def test_it_tries_again_after_a_broken_connection(web: Web) -> None:
    """Of hundreds of pages, one may be cut off; and nothing of the half is left in the whole."""
    left = iter([True, False])

    def hiccup(to: BaseHTTPRequestHandler) -> None:
        answer(to, b"whole", **({"Content_Length": 99} if next(left) else {}))

    web.routes["/"] = hiccup
    assert client().get(web.url) == b"whole"


def test_it_does_not_sit_there_for_an_hour(web: Web) -> None:
    web.routes["/"] = lambda to: answer(to, b"", status=429, Retry_After=3600)
    with pytest.raises(FetchFailed, match="in 60 minutes"):
        client().get(web.url)
