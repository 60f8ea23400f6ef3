"""A letter by webhook: signed so that a stranger can check it, and nowhere it should not go."""

import base64
import contextlib
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import pytest

from groundswell.base import clock, env
from groundswell.base.errors import SendFailed
from groundswell.base.letter import Signatory
from groundswell.delivery.channels import registry
from groundswell.delivery.channels.channel import CannotTell
from groundswell.delivery.channels.webhook import payload, signing
from groundswell.delivery.channels.webhook.channel import Webhook
from groundswell.delivery.pdf.tests.samples import letter
from groundswell.delivery.post import ServerDown

NEW, OLD = bytes(range(32)), b"A" * 24
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOLDEN = Path(__file__).with_name("letter.golden.json")


class There:
    """The other side: keeps what it was sent, and answers as told."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.hang_up = False
        self.got: list[tuple[Mapping[str, str], bytes]] = []


@pytest.fixture
def there() -> Iterator[There]:
    with listening() as server:
        yield server


class Handler(BaseHTTPRequestHandler):
    side: There

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {key.lower(): value for key, value in self.headers.items()}
        self.side.got.append((headers, body))
        self.close_connection = True
        if self.side.hang_up:
            return
        self.send_response(self.side.status)
        self.send_header("Location", self.side.url)
        self.end_headers()
        self.wfile.write(b"we got " + body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextlib.contextmanager
def listening() -> Iterator[There]:
    side = There()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Handler,), {"side": side}))
    side.url = f"http://127.0.0.1:{server.server_port}/letters?to=crm"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield side
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def channel(there: There, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Webhook:
    use(monkeypatch, there.url, var=tmp_path)
    return Webhook()


def use(
    monkeypatch: pytest.MonkeyPatch, url: str, *, var: Path, allow: str = "127.0.0.0/8"
) -> None:
    secrets = " ".join("whsec_" + base64.b64encode(key).decode() for key in (NEW, OLD))
    settings = env.read(
        {
            "GROUNDSWELL_WEBHOOK_URL": url,
            "GROUNDSWELL_WEBHOOK_SECRETS": secrets,
            "GROUNDSWELL_DELIVERY_ALLOW": allow,
            "GROUNDSWELL_VAR": str(var),
        }
    )
    monkeypatch.setattr(env, "load", lambda: settings)


def test_it_signs_as_the_published_example_is_signed() -> None:
    made = signing.headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        identity="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        body=b'{"test": 2432232314}',
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_it_signs_with_both_keys_while_one_is_being_changed() -> None:
    secrets = ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "whsec_" + "QUFB" * 8]
    made = signing.headers(
        secrets,
        identity="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        body=b'{"test": 2432232314}',
    )
    # Computed by hand with hmac and base64 alone.
    assert made["webhook-signature"].split() == [
        "v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI=",
        "v1,lvlFY+WE5qff0FYubAlLVy4tdDndxXL3k0649Rf+ApM=",
    ]


@pytest.mark.parametrize("key", [NEW, OLD])
def test_it_sends_what_the_other_side_can_check(there: There, channel: Webhook, key: bytes) -> None:
    accepted = channel.send(letter())
    ((headers, body),) = there.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert f"v1,{wanted}" in headers["webhook-signature"].split()
    assert headers["webhook-id"] == accepted.reference == letter().key.hex
    assert headers["content-type"] == "application/json"
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60


def test_it_keeps_the_format_that_others_read() -> None:
    one = letter(together=(Signatory("Alex Sample", city="Springfield", region="IL"),))
    made = json.loads(payload.of(one, at=NOW))
    assert made == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_it_tells_an_address_only_with_consent() -> None:
    assert b"alex@example.org" not in payload.of(letter(reply_to=False), at=NOW)
    assert b"alex@example.org" in payload.of(letter(reply_to=True), at=NOW)


def test_it_stays_small() -> None:
    longest = letter(body="\u0531" * 10_000, subject="\u0531" * 500)
    assert len(payload.of(longest, at=NOW)) < 64 * 1024


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (400, True),
        (422, True),
        (301, False),
        (307, False),
        (401, False),
        (429, False),
        (500, False),
    ],
)
def test_it_says_what_they_answered_and_follows_nothing(
    there: There, channel: Webhook, status: int, permanent: bool
) -> None:
    there.status = status
    with pytest.raises(SendFailed) as failed:
        channel.send(letter())
    assert failed.value.permanent == permanent
    assert failed.value.reason == f"they answered {status}"
    assert len(there.got) == 1


def test_it_cannot_tell_when_the_answer_is_lost(there: There, channel: Webhook) -> None:
    there.hang_up = True
    with pytest.raises(CannotTell):
        channel.send(letter())
    there.hang_up = False
    channel.send(letter())
    assert there.got[0][0]["webhook-id"] == there.got[1][0]["webhook-id"]


def test_it_stops_at_an_address_that_is_gone_and_loses_nothing(
    there: There, channel: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.status = 410
    with pytest.raises(ServerDown):
        channel.send(letter())
    there.status = 200
    with pytest.raises(ServerDown, match=r"410.*webhook-.*\.off"):
        channel.send(letter())
    assert len(there.got) == 1
    # Another address is another matter,
    use(monkeypatch, there.url + "&v=2", var=tmp_path)
    channel.send(letter())
    # and so is the same one when an operator says so.
    use(monkeypatch, there.url, var=tmp_path)
    (mark,) = tmp_path.glob("webhook-*.off")
    mark.unlink()
    channel.send(letter())


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://localhost/",
        "https://[::1]/",
        "https://2130706433/",
        "http://127.0.0.1:22/",
        "https://10.0.0.1/",
    ],
)
def test_it_never_knocks_inside(
    url: str, channel: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, url, var=tmp_path, allow="")
    with pytest.raises(ServerDown):
        channel.send(letter())


def test_it_needs_leave_to_reach_the_same_server(
    there: There, channel: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control twin: the other tests' server is reached for being allowed, and only so.
    use(monkeypatch, there.url, var=tmp_path, allow="")
    with pytest.raises(ServerDown, match="443"):
        channel.send(letter())
    assert there.got == []


def test_it_is_off_without_an_address_or_a_key(
    channel: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert registry.is_on("webhook")
    monkeypatch.setattr(env, "load", env.Settings)
    assert not registry.is_on("webhook")
    with pytest.raises(ServerDown, match="switched off"):
        channel.send(letter(key=UUID(int=9)))
