"""What can be said of the public door, and what is said when it cannot be seen."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from groundswell.delivery.tests.mailserver import use_settings
from groundswell.studio.messengers import door
from tests.support.ports import free_port


class Answers:
    """What the door on the other side says."""

    health: tuple[int, Any] = (200, {})
    metrics = ""


@pytest.fixture
def other_side(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    """A real server for /healthz and /metrics."""
    said = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = said.health
            text = said.metrics if self.path == "/metrics" else json.dumps(body)
            self.send_response(status if self.path == "/healthz" else 200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    use_settings(monkeypatch, public_port=port, metrics_port=port)
    door.forget()
    yield said
    server.shutdown()
    server.server_close()
    door.forget()


def test_it_says_that_the_door_is_well(other_side: Answers) -> None:
    other_side.health = (200, {"status": "ok", "reason": "", "waiting": 3, "disk_free_mb": 900})
    other_side.metrics = (
        'groundswell_requests_total{status="302"} 50\n'
        'groundswell_requests_total{status="503"} 2\n'
        "groundswell_link_visits_lost_total 7\n"
    )
    seen = door.look()
    assert (seen.state, seen.waiting, seen.disk_free_mb, seen.lost) == ("good", 3, 900, 7)
    assert seen.workers == 1
    assert seen.rate is None  # there is no look before this one


def test_it_counts_answers_between_two_looks(
    other_side: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "FRESH_SECONDS", -1.0)
    other_side.health = (200, {"status": "ok"})
    other_side.metrics = 'groundswell_requests_total{status="200"} 100\n'
    door.look()
    other_side.metrics = 'groundswell_requests_total{status="200"} 900\n'
    second = door.look()
    assert second.rate is not None
    assert second.rate > 0
    assert second.refused == 0
    other_side.metrics = 'groundswell_requests_total{status="200"} 3\n'  # it was restarted
    assert door.look().rate is None


def test_it_says_that_nothing_can_be_stored(other_side: Answers) -> None:
    other_side.health = (503, {"status": "cannot store", "reason": "disk full"})
    assert (door.look().state, door.look().reason) == ("cannot_store", "disk full")


def test_it_is_honest_when_something_else_answers(other_side: Answers) -> None:
    other_side.health = (200, "hello")
    assert door.look().state == "unseen"


def test_it_is_honest_when_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(monkeypatch, public_port=free_port(), metrics_port=0)
    door.forget()
    assert door.look() == door.Door("unseen")
    door.forget()
