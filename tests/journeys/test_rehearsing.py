"""A surge rehearsed against all processes: it counts nowhere, and what is slow is named.

How fast this machine is today is nobody's concern here: what is made slow is made far slower.
"""

import asyncio
import contextlib
import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.journeys.people import sign_by_script
from tests.support.stack import Stack, wait

pytestmark = pytest.mark.journey

FEW: Final = ("rehearse", "two-networks", "--minutes", "0.07", "--scale", "0.4", "--gentle")
# In intake alone: each wait for the disk takes a second and a half longer.
SLOW_DISK: Final = """
import os, pathlib
if b"\\0intake\\0" in pathlib.Path("/proc/self/cmdline").read_bytes():
    import time
    quick = os.fdatasync
    def slow(descriptor):
        time.sleep(1.5)
        quick(descriptor)
    os.fdatasync = slow
"""


class Rehearsed:
    """What a rehearsal said and wrote."""

    def __init__(self, stack: Stack, *words: str) -> None:
        self.said = stack.run(*FEW, *words)
        found = re.search(r"^Report: (.+)$", self.said, re.MULTILINE)
        assert found, self.said
        self.folder = Path(found[1]).parent
        self.page = (self.folder / "report.html").read_text()
        self.json: dict[str, Any] = json.loads((self.folder / "report.json").read_bytes())

    @property
    def first(self) -> str:
        code: str = self.json["findings"]["first"]["code"]
        return code


def rows(stack: Stack) -> list[list[Any]]:
    """What is in the database of those who really signed: rows, sums, and which mails."""
    tables = (
        "* FROM people_participation",
        "* FROM campaigns_count",
        "id FROM people_outgoingmail",
    )
    with contextlib.closing(sqlite3.connect(stack.folder / "db.sqlite3")) as database:
        return [database.execute(f"SELECT {table} ORDER BY id").fetchall() for table in tables]


def test_it_counts_nothing_and_loses_nothing(stack: Stack) -> None:
    sign_by_script(stack, email="real@example.org")
    stack.mail("real@example.org")  # what came before it is in the database, too
    before = rows(stack)
    told = Rehearsed(stack)
    assert told.json["acknowledged"] > 0
    assert told.json["arrival"]["complete"]
    assert told.json["arrival"]["arrived"] >= told.json["acknowledged"]
    assert "all of them arrived" in told.said
    assert rows(stack) == before
    assert "Every sum is what the rows add up to." in stack.run("recount")
    assert "removed" in stack.run("rehearse", "clear", told.json["run"])
    assert stack.run("rehearse", "clear").startswith("0 ")


def test_it_plays_what_a_messenger_would_bring(stack: Stack) -> None:
    with contextlib.closing(sqlite3.connect(stack.folder / "db.sqlite3")) as database:
        name, followers = database.execute(
            "SELECT m.name, sum(p.followers) FROM messengers_messenger m"
            " JOIN messengers_profile p ON p.messenger_id = m.id GROUP BY m.id ORDER BY 2 DESC"
        ).fetchone()
    told = Rehearsed(stack, "--messenger", name)
    assert f"What is assumed of {name}:" in told.said
    assert f"followers {followers:,}: " in told.said
    assert "Vote.gov" in told.said
    assert told.json["arrival"]["complete"]
    assert told.json["scenario"]["title"] == name
    stack.run("rehearse", "clear", told.json["run"])


def test_it_names_what_is_slow_in_front_of_the_door(stack: Stack) -> None:
    with slow_proxy(stack.ports["public"]) as port:
        told = Rehearsed(stack, "--target", f"http://127.0.0.1:{port}")
    assert told.first == "front", told.said
    assert "before the door" in told.page
    assert told.json["arrival"]["complete"]


def test_it_takes_a_pass_along_and_checks_where_the_database_is(
    stack: Stack, tmp_path: Path
) -> None:
    signed = tmp_path / "pass.txt"
    signed.write_text(stack.run("rehearse", "pass"))
    told = Rehearsed(stack, "--signed", str(signed), "--report", str(tmp_path / "report"))
    assert "was not checked" in told.page
    ids = tmp_path / "report" / "ids.json"
    assert "all of them arrived" in stack.run("rehearse", "check", str(ids))
    lost = json.loads(ids.read_bytes())
    lost["ids"].append("ab" * 16)
    ids.write_text(json.dumps(lost))
    with pytest.raises(AssertionError, match="MISSING, the first is abab"):
        stack.run("rehearse", "check", str(ids))


def test_it_names_a_slow_disk(lonely: Stack, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW_DISK)
    lonely.stop()
    lonely.environ["PYTHONPATH"] = str(tmp_path)
    try:
        lonely.start()
        told = Rehearsed(lonely)
        assert told.first == "disk", told.said
        assert "The surge was not borne" in told.page
        assert told.json["arrival"]["complete"]
    finally:
        lonely.stop()
        del lonely.environ["PYTHONPATH"]
        lonely.start()


@contextlib.contextmanager
def slow_proxy(port: int) -> Iterator[int]:
    """A proxy that lets every new visitor wait for two seconds; the port it listens on."""
    ready, stop, ports = threading.Event(), threading.Event(), list[int]()

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2)
        door, behind = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pipe(reader, behind), pipe(door, writer), return_exceptions=True)

    async def serve() -> None:
        async with await asyncio.start_server(visit, "127.0.0.1", 0) as server:
            ports.append(server.sockets[0].getsockname()[1])
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        wait(ready.is_set, seconds=20, what="the proxy")
        yield ports[0]
    finally:
        stop.set()
        thread.join(20)
