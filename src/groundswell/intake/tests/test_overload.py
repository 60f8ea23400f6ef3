"""A flood is turned away before it is read; what was taken is stored, and pages are served."""

from pathlib import Path

import pytest

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import GOOD, PATH, api_body
from groundswell.intake.tests.slow_disk import QUEUE, crowded

NEVER_OVERRUN = "house.House.is_overrun = False\n"
UNFINISHED = (
    f"POST {PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\ngiven"
).encode()


def test_it_turns_a_flood_away_in_each_readers_shape(tmp_path: Path) -> None:
    with crowded(site.make_folder(tmp_path)) as (door, hold, answers):
        page = door.form(GOOD)
        assert (page.status, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert "error 503 en" in page.text
        script = door.form(GOOD, accept="application/json")
        assert script.json["error"]["message"] == "Very busy, please send it again."
        program = door.api(api_body())
        assert (program.status, program.json["error"]["code"]) == (503, "busy")
        for answer in (page, script, program):
            assert 1 <= int(answer.headers["retry-after"]) <= 5
            assert answer.headers["cache-control"] == "no-store"
        assert program.json["error"]["retry_after"] == int(program.headers["retry-after"])
        assert door.get(PATH).status == 200
        assert door.form(GOOD, path="/en/none/").status == 404
        assert "groundswell_turned_away_total 3" in door.metrics()
        hold.unlink()
        site.wait_until(lambda: len(answers) == QUEUE, seconds=20)
        assert answers == [303] * QUEUE
        assert door.form(GOOD).status == 303
        assert len(door.stored()) == QUEUE + 1


def test_it_asks_not_all_back_at_once(tmp_path: Path) -> None:
    with crowded(site.make_folder(tmp_path)) as (door, _, _):
        waits = {door.form(GOOD).headers["retry-after"] for _ in range(8)}
        assert len(waits) >= 3


def test_it_turns_away_before_the_body_is_there(tmp_path: Path) -> None:
    with crowded(site.make_folder(tmp_path)) as (door, _, _):
        assert door.raw(UNFINISHED, wait=20).startswith(b"HTTP/1.1 503 ")


def test_control_without_the_guard_it_would_wait_for_the_body(tmp_path: Path) -> None:
    with (
        crowded(site.make_folder(tmp_path), guard=NEVER_OVERRUN) as (door, _, _),
        pytest.raises(AssertionError),
    ):
        assert door.raw(UNFINISHED, wait=2).startswith(b"HTTP/1.1 503 ")
