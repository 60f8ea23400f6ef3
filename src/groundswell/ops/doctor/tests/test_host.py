"""What is wrong on the machine itself: each thing broken alone, and named with what mends it."""

import resource
import socket
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import apsw
import msgspec
import pytest

from groundswell.base import keyring, space, wire
from groundswell.base.errors import Trouble
from groundswell.ops.backup import dump
from groundswell.ops.doctor import accounts, clocks, disk, network, site, versions
from groundswell.ops.doctor.tests.conftest import HostFactory, only
from tests.support.ports import free_port

# Keys and accounts ------------------------------------------------------------------------------


def test_it_is_content_with_keys_as_they_are_made(host: HostFactory) -> None:
    only(list(accounts.check(host())), "ok")


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        ("keys/core/seal.json", 0o640),
        ("keys/data", 0o750),
        ("db.sqlite3", 0o660),
        ("media", 0o755),
    ],
)
def test_it_finds_what_other_accounts_can_read(
    host: HostFactory, tmp_path: Path, path: str, mode: int
) -> None:
    (tmp_path / path).chmod(mode)
    found = only(list(accounts.check(host())))
    assert path in found.text
    assert "chmod -R go=" in found.mend


def test_it_finds_a_data_folder_that_everybody_may_write(host: HostFactory, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    assert "o-w" in only(list(accounts.check(host()))).mend


@pytest.mark.parametrize("name", ["core/link.json", "public/seal.json"])
def test_it_finds_a_key_that_is_missing(host: HostFactory, tmp_path: Path, name: str) -> None:
    (tmp_path / "keys" / name).unlink()
    found = list(accounts.check(host()))
    assert any(name in finding.text and "backup" in finding.mend for finding in found)


def test_it_finds_a_public_key_of_another_pair(host: HostFactory, tmp_path: Path) -> None:
    keyring.init(tmp_path / "other")
    other = (tmp_path / "other/public/seal.json").read_bytes()
    (tmp_path / "keys/public/seal.json").write_bytes(other)
    assert "not the public half" in only(list(accounts.check(host()))).text


def test_it_finds_on_an_intake_host_what_belongs_elsewhere(
    host: HostFactory, tmp_path: Path
) -> None:
    there = host(("intake",), database="postgresql://me:pw@db/gw")
    found = [finding.text for finding in accounts.check(there)]
    assert sum("can be read where only the public door" in text for text in found) == 3
    assert any("GROUNDSWELL_DATABASE" in text for text in found)
    for name in ("core", "data", "studio"):
        for path in (tmp_path / "keys" / name).iterdir():
            path.unlink()
    only(list(accounts.check(host(("intake",)))), "ok")


# Clock ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("production", "level"), [("true", "wrong"), ("false", "note")])
def test_it_finds_a_clock_that_runs_free(
    host: HostFactory, monkeypatch: pytest.MonkeyPatch, production: str, level: str
) -> None:
    monkeypatch.setattr(clocks, "is_synchronised", lambda: False)
    assert "timedatectl" in only(list(clocks.check(host(production=production))), level).mend


def test_it_finds_a_disk_with_another_clock(
    host: HostFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "is_synchronised", lambda: True)
    only(list(clocks.check(host())), "ok")
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 3600)
    assert "-3600 s" in only(list(clocks.check(host()))).text


def test_it_asks_the_kernel(host: HostFactory) -> None:
    assert clocks.is_synchronised() in {True, False}


# Disk -------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A good disk, whatever this machine has."""
    monkeypatch.setattr(disk, "syncs", lambda _folder: [0.5] * 50)
    monkeypatch.setattr(disk, "file_system", lambda _folder: "ext4")
    monkeypatch.setattr(disk, "_SWAPS", Path("/nowhere"))
    monkeypatch.setattr(space, "room", lambda _settings: space.Room(10_000, 64))
    return monkeypatch


def test_it_is_content_with_a_good_disk(host: HostFactory, quick: object) -> None:
    assert "0.5 ms" in only(list(disk.check(host())), "ok").text


def test_it_measures_and_leaves_nothing_behind(tmp_path: Path) -> None:
    assert len(disk.syncs(tmp_path)) == disk.SYNCS
    assert list(tmp_path.iterdir()) == []


def test_it_finds_a_slow_disk(host: HostFactory, quick: pytest.MonkeyPatch) -> None:
    quick.setattr(disk, "syncs", lambda _folder: [30.0] * 50)
    assert "30.0 ms" in only(list(disk.check(host()))).text


def test_it_mentions_a_disk_that_stalls(host: HostFactory, quick: pytest.MonkeyPatch) -> None:
    quick.setattr(disk, "syncs", lambda _folder: [1.0] * 49 + [900.0])
    assert "at worst 900 ms" in next(iter(disk.check(host()))).text


@pytest.mark.parametrize(
    ("kind", "said"), [("tmpfs", "in memory"), ("nfs4", "network"), ("cifs", "network")]
)
def test_it_finds_a_file_system_that_will_not_do(
    host: HostFactory, quick: pytest.MonkeyPatch, kind: str, said: str
) -> None:
    quick.setattr(disk, "file_system", lambda _folder: kind)
    assert said in only(list(disk.check(host()))).text


def test_it_knows_file_systems_by_the_longest_mount(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        f"2 1 0:5 / {tmp_path}/a\\040disk rw shared:1 - nfs4 server:/x rw\n"
    )
    monkeypatch.setattr(disk, "_MOUNTS", mounts)
    assert disk.file_system(tmp_path / "a disk/journal") == "nfs4"
    assert disk.file_system(tmp_path / "other") == "ext4"


def test_it_finds_a_disk_that_is_nearly_full(host: HostFactory, quick: pytest.MonkeyPatch) -> None:
    quick.setattr(space, "room", lambda _settings: space.Room(100, 64))
    assert "100 MiB are left" in only(list(disk.check(host()))).text


def test_it_mentions_swap(host: HostFactory, quick: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "swaps").write_text("Filename Type\n/dev/sda2 partition\n")
    quick.setattr(disk, "_SWAPS", tmp_path / "swaps")
    assert "swap is on" in next(iter(disk.check(host()))).text


def test_it_finds_that_there_is_no_journal(host: HostFactory, tmp_path: Path) -> None:
    (tmp_path / "journal").rmdir()
    assert "groundswell prepare" in only(list(disk.check(host()))).mend


# Published files --------------------------------------------------------------------------------


def test_it_finds_a_form_that_cannot_be_read(host: HostFactory, tmp_path: Path) -> None:
    only(list(site.check(host())), "ok")
    spec = wire.PageSpec(page="0" * 32, lang="en", path="/", done="/")
    file = tmp_path / "site/specs/a.json"
    file.write_bytes(wire.encode_spec(spec)[:-3])
    assert "groundswell publish" in only(list(site.check(host()))).mend
    file.write_bytes(wire.encode_spec(msgspec.structs.replace(spec, format=99)))
    assert "newer version" in only(list(site.check(host()))).text
    file.write_bytes(wire.encode_spec(spec).replace(b'"page"', b'"format": 0, "page"'))
    assert "much older version" in only(list(site.check(host()))).text


@pytest.mark.parametrize("name", ["generation", "manifest.json"])
def test_it_finds_that_files_are_missing(host: HostFactory, tmp_path: Path, name: str) -> None:
    (tmp_path / "site" / name).unlink()
    assert name in only(list(site.check(host()))).text


# Network ----------------------------------------------------------------------------------------


class Door(BaseHTTPRequestHandler):
    """Answers /healthz as intake does."""

    body: ClassVar[bytes] = b'{"status": "ok"}'
    code: ClassVar[int] = 200

    def do_GET(self) -> None:
        self.send_response(self.code)
        self.send_header("content-length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The port of a door that answers, and a machine with nothing else to find."""
    monkeypatch.setattr(network, "listeners", lambda: [("127.0.0.1", 8003)])
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (1024, 1 << 20))
    with HTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield str(server.server_address[1])
        server.shutdown()
        thread.join()


def test_it_finds_that_nobody_answers(host: HostFactory, port: str) -> None:
    url = f"http://127.0.0.1:{port}"
    only(list(network.check(host(public_port=port, public_url=url))), "ok")
    silent = str(free_port())
    found = only(list(network.check(host(public_port=silent, public_url=url))))
    assert "intake does not answer" in found.text
    elsewhere = host(public_port=port, public_url=f"http://127.0.0.1:{silent}")
    assert f"{silent}/healthz does not answer" in only(list(network.check(elsewhere))).text


def test_it_finds_another_web_server_at_our_address(
    host: HostFactory, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = host(public_port=port, public_url=f"http://127.0.0.1:{port}")
    monkeypatch.setattr(Door, "body", b"It works!")
    assert "something else" in only(list(network.check(there))).text
    monkeypatch.setattr(Door, "code", 404)
    assert "answers 404" in only(list(network.check(there))).text


def test_it_finds_a_proxy_that_is_not_believed(host: HostFactory, port: str) -> None:
    there = host(public_port=port, public_url="https://127.0.0.1:1")
    found = only(list(network.check(there)))
    assert "GROUNDSWELL_TRUSTED_PROXIES" in found.mend


def test_it_mentions_a_way_around_the_proxy(host: HostFactory, port: str) -> None:
    there = host(
        public_port=port,
        public_url="https://127.0.0.1:1",
        trusted_proxies="127.0.0.1/32",
        host="0.0.0.0",
    )
    assert "around the proxy" in only(list(network.check(there)), "note").text


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "::"])
def test_it_finds_metrics_that_others_can_read(
    host: HostFactory, port: str, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(network, "listeners", lambda: [(address, 8003)])
    there = host(public_port=port, public_url=f"http://127.0.0.1:{port}")
    assert address in only(list(network.check(there))).text


def test_it_sees_who_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert ("127.0.0.1", server.getsockname()[1]) in network.listeners()


def test_it_finds_too_few_open_files(
    host: HostFactory, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (1024, 4096))
    there = host(public_port=port, public_url=f"http://127.0.0.1:{port}")
    assert "LimitNOFILE" in only(list(network.check(there))).mend


# Versions ---------------------------------------------------------------------------------------


def test_it_finds_programs_with_known_faults(
    host: HostFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(list(versions.check(host())), "ok")
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.40.1")
    assert "3.40.1" in only(list(versions.check(host()))).text


def test_it_finds_an_old_python(host: HostFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 14, "final", 0))
    assert "3.10.14 is too old" in only(list(versions.check(host()))).text


def test_it_finds_that_no_backup_can_be_made(
    host: HostFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dump, "program", lambda _name: dump_missing())
    found = only(list(versions.check(host(database="postgresql://me:pw@db/gw"))))
    assert "postgresql-client" in found.mend


def dump_missing() -> str:
    raise Trouble("pg_dump is missing: install PostgreSQL's client (`postgresql-client`)")
