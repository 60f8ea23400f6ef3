"""The ferry: what intake wrote on one machine comes to core's on another, cut off or not.

`Cut` breaks the way at any step, as `kill -9` of either side or of the network between would.
"""

import contextlib
import http.client
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from groundswell.base import env
from groundswell.base.errors import Trouble
from groundswell.intake import ferry, ferry_client, journal_copy
from groundswell.intake.ferry import FerryServer, Part, Shore
from groundswell.intake.ferry_client import Source, SourceDown, Stuck
from groundswell.intake.journal_files import SegmentDisk, SegmentFile, lock_path
from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.tests.site_factory import read_all, wait_until
from tests.support.ports import free_port

TOKEN: Final = "a token of thirty-two characters"


class Cut(Exception):
    """The power, the network or somebody's patience ended here."""


class Writer:
    """An intake's journal as far as the ferry sees it: files with groups, and a held lock."""

    def __init__(self, folder: Path, machine: str = "edge1") -> None:
        self.disk = SegmentDisk(folder, machine)
        self.sent: dict[str, list[bytes]] = {}
        self._open: SegmentFile | None = None

    def file(self, groups: int, *, size: int = 100) -> str:
        """A new file with groups in it; those before it are closed by that."""
        if self._open:
            self._open.close()
        file = self._open = self.disk.create()
        for seq in range(1, groups + 1):
            sealed = f"{file.name} {seq} ".encode() * (size // 20)
            file.append(seq=seq, at=1_000 + seq, n=1, tags=b"tags of intake's own", sealed=sealed)
            self.sent.setdefault(file.name, []).append(sealed)
        return file.name

    def stop(self) -> None:
        if self._open:
            self._open.close()
        self.disk.release()


@contextlib.contextmanager
def shore(folder: Path, token: str = TOKEN, tls: Any = None) -> Iterator[FerryServer]:
    """A ferry that serves a journal folder on a free port."""
    server = FerryServer(("127.0.0.1", 0), Shore(JournalReader(folder)), token=token, tls=tls)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def source(server: FerryServer, folder: Path, kind: type[Source] = Source, **more: Any) -> Source:
    folder.mkdir(exist_ok=True)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    return kind(url, folder=folder, **{"token": TOKEN, "claims": {}, **more})


def arrived(folder: Path) -> dict[str, list[bytes]]:
    """What core's folder holds, by file."""
    reader = JournalReader(folder)
    return {
        file: [group.sealed for group in reader.read(file, after=0, limit=10_000)]
        for file in reader.files()
    }


def test_it_brings_every_group_and_then_lets_the_file_go(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "there")
    first, second = writer.file(50), writer.file(3)
    with shore(tmp_path / "there") as server:
        fetched = source(server, tmp_path / "here").step()
        assert fetched == 53
        assert arrived(tmp_path / "here") == writer.sent
        assert JournalReader(tmp_path / "there").files() == [second], "the open file stays"
        assert JournalReader(tmp_path / "here").is_closed(first)
        assert not JournalReader(tmp_path / "here").is_closed(second)


def test_it_goes_on_where_it_was_while_a_file_grows(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "there")
    file = writer.disk.create()
    with shore(tmp_path / "there") as server:
        here = source(server, tmp_path / "here")
        for seq in (1, 2, 3):
            file.append(seq=seq, at=seq, n=1, tags=b"", sealed=b"%d" % seq)
            assert here.step() == 1
        assert here.step() == 0
        file.close()
        writer.stop()
        here.step()
    assert arrived(tmp_path / "here") == {file.name: [b"1", b"2", b"3"]}
    assert JournalReader(tmp_path / "here").is_closed(file.name)
    assert JournalReader(tmp_path / "there").files() == []


def test_it_sends_a_long_file_in_parts(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "there")
    file = writer.file(30, size=300_000)
    reader = JournalReader(tmp_path / "there")
    assert len(Shore(reader).part(file, 0).rows) < 10
    with shore(tmp_path / "there") as server:
        here = source(server, tmp_path / "here")
        while here.step():
            pass
    assert arrived(tmp_path / "here") == writer.sent


STEPS: Final = ("begin", "append", "complete", "_ask")


class Interrupted(Source):
    """A Source that is cut off before or after its k-th deed, on the disk or in the network."""

    left = 0

    def _deed(self, work: Any, *args: Any, **named: Any) -> Any:
        type(self).left -= 1
        if type(self).left == 0:
            raise Cut
        done = work(*args, **named)
        type(self).left -= 1
        if type(self).left == 0:
            raise Cut
        return done

    def _ask(self, *args: Any, **named: Any) -> bytes:
        answer: bytes = self._deed(super()._ask, *args, **named)
        return answer


class Hasty(Interrupted):
    """The control twin: lets a file go before it is on our own disk."""

    def _keep(self, path: Path, part: Part, after: int) -> None:
        if part.closed:
            name = path.name
            with self._connected() as link:
                self._let_go(link, name, part.rows[-1][0])
        super()._keep(path, part, after)


def cut_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Interrupted]) -> int:
    """The story, cut at every step in turn; how many of the groups were lost over all."""
    lost = 0
    for k in range(1, 60):
        folder = tmp_path / f"{kind.__name__}-{k}"
        writer = Writer(folder / "there")
        writer.file(3)
        writer.file(2)
        writer.stop()
        with shore(folder / "there") as server, monkeypatch.context() as patch:
            here: Any = source(server, folder / "here", kind)
            for name in ("begin", "append", "complete"):
                patch.setattr(journal_copy, name, _through(here, getattr(journal_copy, name)))
            kind.left = k
            with contextlib.suppress(Cut, SourceDown):
                here.step()
            finished, kind.left = kind.left > 0, -1
            again = source(server, folder / "here", kind)
            with contextlib.suppress(SourceDown):
                again.step()
        # What the original still holds is not lost: the next step fetches it.
        held = arrived(folder / "here") | arrived(folder / "there")
        lost += sum(held.get(file, []) != groups for file, groups in writer.sent.items())
        if finished:
            return lost
    raise AssertionError("the story has more steps than that")


def _through(here: Interrupted, work: Any) -> Any:
    return lambda *args: here._deed(work, *args)


def test_it_loses_nothing_wherever_it_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cut_everywhere(tmp_path, monkeypatch, Interrupted) == 0


def test_it_would_lose_what_is_let_go_too_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cut_everywhere(tmp_path, monkeypatch, Hasty) > 0


def test_it_keeps_a_file_of_which_core_has_not_all(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "there")
    file = writer.file(3)
    with shore(tmp_path / "there") as server:
        assert asked(server, "DELETE", f"/files/{file}?after=3") == 409, "it is still open"
        writer.stop()
        assert asked(server, "DELETE", f"/files/{file}?after=2") == 409, "there is one more"
        assert asked(server, "DELETE", f"/files/{file}?after=3") == 200
        assert asked(server, "DELETE", f"/files/{file}?after=3") == 404


def asked(server: FerryServer, method: str, path: str, token: str = TOKEN) -> int:
    """The status of an answer."""
    link = http.client.HTTPConnection("127.0.0.1", int(server.server_address[1]), timeout=20)
    with contextlib.closing(link):
        link.request(method, path, headers={"Authorization": f"Bearer {token}"})
        return link.getresponse().status


@pytest.mark.parametrize(("method", "path"), [("GET", "/files"), ("DELETE", "/files/{}?after=1")])
def test_it_refuses_a_wrong_token(tmp_path: Path, method: str, path: str) -> None:
    writer = Writer(tmp_path / "there")
    file = writer.file(1)
    writer.stop()
    with shore(tmp_path / "there") as server:
        assert asked(server, method, path.format(file), token="wrong") == 401
        assert asked(server, method, path.format(file), token="") == 401
        with pytest.raises(SourceDown, match="401: wrong token"):
            source(server, tmp_path / "here", token="guessed").step()
    assert arrived(tmp_path / "there") == writer.sent


@pytest.mark.parametrize(
    "path", ["/", "/files/../keys", "/files/x.journal", "/files/edge1-0-00000001.journal?after=x"]
)
def test_it_has_nothing_else_to_give(tmp_path: Path, path: str) -> None:
    with shore(tmp_path) as server:
        assert asked(server, "GET", path) == 404


def test_it_says_how_far_behind_core_is(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "there")
    writer.file(2)
    with shore(tmp_path / "there") as server:
        behind = server.shore.metrics()
        assert float(behind.split("behind_seconds ")[1].split()[0]) > 1e9, "since 1970"
        here = source(server, tmp_path / "here")
        here.step()
        assert "groundswell_ferry_behind_seconds 0.000" in server.shore.metrics()
        assert asked(server, "GET", "/metrics", token="") == 200


def test_it_refuses_two_machines_of_one_name(tmp_path: Path) -> None:
    for name in ("one", "two"):
        Writer(tmp_path / name).file(1)
    claims: dict[str, str] = {}
    with shore(tmp_path / "one") as one, shore(tmp_path / "two") as two:
        first = source(one, tmp_path / "here", claims=claims)
        second = source(two, tmp_path / "here", claims=claims)
        assert first.step() == 1
        assert second.step() == 0
        first.check()
        with pytest.raises(Stuck, match="has the same GROUNDSWELL_JOURNAL_NAME"):
            second.check()
    assert len(arrived(tmp_path / "two")) == 1


def test_it_refuses_a_machine_without_a_name(tmp_path: Path) -> None:
    Writer(tmp_path / "there", machine="").file(1)
    with shore(tmp_path / "there") as server:
        here = source(server, tmp_path / "here")
        assert here.step() == 0
        with pytest.raises(Stuck, match="set GROUNDSWELL_JOURNAL_NAME"):
            here.check()


def test_it_refuses_a_machine_with_our_own_name(tmp_path: Path) -> None:
    Writer(tmp_path / "there").file(1)
    Writer(tmp_path / "here").stop()
    assert lock_path(tmp_path / "here", "edge1-0").exists()
    with shore(tmp_path / "there") as server:
        here = source(server, tmp_path / "here")
        assert here.step() == 0
        with pytest.raises(Stuck, match="an intake here has the same"):
            here.check()


def test_it_lets_go_only_when_it_has_room_itself(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "there")
    writer.file(5)
    writer.stop()
    with shore(tmp_path / "there") as server:
        with pytest.raises(SourceDown, match="too little disk space"):
            source(server, tmp_path / "here", reserve=1 << 60).step()
        assert arrived(tmp_path / "there") == writer.sent


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ([("../../etc/passwd", True)], "what no journal holds"),
        ([("edge1-0-00000001.journal", True)] * 10_001, "what no journal holds"),
        ({"no": "list"}, "something else"),
    ],
)
def test_it_believes_no_list_that_is_none(tmp_path: Path, answer: Any, wrong: str) -> None:
    class Lying(Source):
        def _ask(self, *_: Any, **__: Any) -> bytes:
            return msgspec.msgpack.encode(answer)

    with shore(tmp_path / "there") as server, pytest.raises(SourceDown, match=wrong):
        source(server, tmp_path / "here", Lying).step()


def test_it_believes_no_groups_out_of_order(tmp_path: Path) -> None:
    class Lying(Source):
        def _part(self, *_: Any) -> Part:
            return Part(True, [(2, 1, 1, b"two"), (1, 1, 1, b"one")])

    Writer(tmp_path / "there").file(1)
    with shore(tmp_path / "there") as server, pytest.raises(SourceDown, match="out of order"):
        source(server, tmp_path / "here", Lying).step()


def test_it_hangs_up_on_more_connections_than_one_core_makes(tmp_path: Path) -> None:
    with shore(tmp_path) as server, contextlib.ExitStack() as held:
        address = ("127.0.0.1", int(server.server_address[1]))
        for _ in range(ferry.MAX_CONNECTIONS):
            link = held.enter_context(socket.create_connection(address, timeout=20))
            link.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
            assert link.recv(12) == b"HTTP/1.1 200"
        one_more = held.enter_context(socket.create_connection(address, timeout=20))
        assert read_all(one_more) == b""


def test_it_speaks_tls_to_who_trusts_its_certificate(tmp_path: Path) -> None:
    pem = tmp_path / "ferry.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=ferry", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    pem.write_text((tmp_path / "key").read_text() + (tmp_path / "crt").read_text())
    writer = Writer(tmp_path / "there")
    writer.file(2)
    with shore(tmp_path / "there", tls=ferry._tls(str(pem))) as server:
        url = f"https://127.0.0.1:{server.server_address[1]}"
        common: dict[str, Any] = {"token": TOKEN, "folder": tmp_path / "here", "claims": {}}
        (tmp_path / "here").mkdir()
        with pytest.raises(SourceDown, match="cannot be reached"):
            Source(url, **common).step()
        assert Source(url, **common, trusted=str(tmp_path / "crt")).step() == 2


def test_it_wants_a_token_that_cannot_be_guessed(tmp_path: Path) -> None:
    settings = env.read({"GROUNDSWELL_VAR": str(tmp_path), "GROUNDSWELL_FERRY_TOKEN": "secret"})
    with pytest.raises(Trouble, match="at least 20 characters"):
        ferry.server(settings)


def test_it_makes_no_source_where_none_is_named(tmp_path: Path) -> None:
    assert ferry_client.sources(env.read({"GROUNDSWELL_VAR": str(tmp_path)})) == []


def test_it_runs_as_a_command_and_stops_when_told_to(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "journal")
    writer.file(1)
    port = free_port()
    environ = {"GROUNDSWELL_VAR": str(tmp_path), "GROUNDSWELL_FERRY_PORT": str(port)}
    running = subprocess.Popen(
        [sys.executable, "-m", "groundswell", "ferry"],
        env=environ | {"GROUNDSWELL_FERRY_TOKEN": TOKEN},
    )
    try:
        (tmp_path / "here").mkdir()
        here = Source(f"http://127.0.0.1:{port}", token=TOKEN, folder=tmp_path / "here", claims={})

        def fetched() -> bool:
            with contextlib.suppress(SourceDown):
                return here.step() == 1
            return False

        wait_until(fetched, seconds=30)
        running.terminate()
        assert running.wait(20) == 0
    finally:
        running.kill()
        running.wait()
