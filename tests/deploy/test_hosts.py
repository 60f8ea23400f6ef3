"""Where the parts run apart: under two accounts on one box, and on two hosts with a ferry between.

Real processes; the accounts are numbers that systemd-sysusers picks in a root of its own, so that
none is left behind on this machine.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import Intake, wait_until
from tests.deploy.front import DEPLOY, needs
from tests.support import databases
from tests.support.installation import Installation, prepared
from tests.support.ports import free_port

# Everything is waited for; this only says when to stop hoping, on a machine that is very busy.
CEILING: Final = 120.0
TOKEN: Final = "one token for all the ferries of this test"


class Process:
    """One command of ours, to be started, killed and started again."""

    def __init__(
        self,
        word: str,
        environ: dict[str, str],
        log: Path,
        python: str = sys.executable,
        **account: Any,
    ) -> None:
        self._argv = [python, "-m", "groundswell", word]
        self._environ, self._log, self._account = environ, log, account
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._argv, env=self._environ, cwd="/", stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, **self._account,
            )  # fmt: skip

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            self._process.wait(40)


@contextlib.contextmanager
def running(*processes: Process) -> Iterator[None]:
    try:
        for process in processes:
            process.start()
        yield
    finally:
        for process in processes:
            process.end()


# Two hosts ----------------------------------------------------------------------------------------


class Hosts:
    """An intake host with a ferry, and a host inside with core."""

    def __init__(self, inside: Installation, outside: Path) -> None:
        self.inside, self.outside = inside, outside
        self.door = Intake(outside, journal_name=outside.parent.name.replace("_", "-")[:40])
        port = inside.environ["GROUNDSWELL_JOURNAL_SOURCES"].rpartition(":")[2]
        ferry = {
            "PATH": os.environ["PATH"],
            "GROUNDSWELL_VAR": str(outside),
            "GROUNDSWELL_FERRY_PORT": port,
            "GROUNDSWELL_FERRY_TOKEN": TOKEN,
        }
        self.ferry = Process("ferry", ferry, outside / "ferry.log")
        self.core = Process("core", inside.environ, inside.folder / "core.log")
        self.acknowledged: set[str] = set()
        self._before = 0
        self._before = len(self.rows())

    def sign(self, number: int) -> None:
        for _ in range(number):
            email = f"{secrets.token_hex(6)}@example.org"
            answer = self.door.api(site.api_body({**site.GOOD, "email": email}))
            assert answer.status == 202
            self.acknowledged.add(answer.json["id"])

    def rows(self) -> list[str]:
        """The ids of the rows that came since, in the order they came."""
        found = self.inside.ask("SELECT submission_id FROM people_participation ORDER BY id")
        return [str(row[0]).replace("-", "") for row in found[self._before :]]

    def logs(self) -> str:
        return (self.inside.folder / "core.log").read_text()[-3000:]


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The host inside; both stories have an intake host of their own."""
    sources = f"http://127.0.0.1:{free_port()}"
    folder = tmp_path_factory.mktemp("inside")
    with prepared(folder, journal_sources=sources, ferry_token=TOKEN) as made:
        yield made


@pytest.fixture
def hosts(inside: Installation, tmp_path: Path) -> Iterator[Hosts]:
    outside = tmp_path / "outside"
    site.write_site(outside)
    shutil.copytree(inside.folder / "keys/public", outside / "keys/public")
    made = Hosts(inside, outside)
    try:
        with running(made.ferry, made.core):
            made.door.start()
            yield made
    finally:
        made.door.close()


def all_there(hosts: Hosts) -> Callable[[], bool]:
    return lambda: set(hosts.rows()) >= hosts.acknowledged


@pytest.mark.fault
def test_it_brings_everything_over_whoever_is_killed(hosts: Hosts) -> None:
    assert not (hosts.outside / "keys/core").exists(), "the door has no private key"
    hosts.sign(20)
    wait_until(all_there(hosts), seconds=CEILING)
    for victim in (hosts.ferry, hosts.core, hosts.ferry, hosts.core):
        hosts.sign(20)
        victim.end()
        hosts.sign(20)
        victim.start()
    hosts.door.kill()
    hosts.door.start()
    hosts.sign(20)
    wait_until(all_there(hosts), seconds=CEILING)
    hosts.door.stop()

    def let_go() -> bool:
        return not JournalReader(hosts.outside / "journal").files()

    wait_until(let_go, seconds=CEILING)
    assert sorted(hosts.rows()) == sorted(hosts.acknowledged), hosts.logs()


@pytest.mark.fault
def test_it_would_miss_what_the_ferry_did_not_bring(hosts: Hosts) -> None:
    hosts.sign(5)
    wait_until(all_there(hosts), seconds=CEILING)
    hosts.ferry.end()
    hosts.sign(5)
    hosts.door.stop()
    for file in (hosts.outside / "journal").glob("*.journal*"):
        file.unlink()  # the disk of the intake host has died
    hosts.ferry.start()
    hosts.core.end(signal.SIGTERM)
    assert len(set(hosts.rows())) == 5
    assert set(hosts.rows()) < hosts.acknowledged


# Two accounts -------------------------------------------------------------------------------------


class Account(NamedTuple):
    """Who a process is."""

    user: int
    group: int
    extra_groups: list[int]


class Box:
    """A machine's root with the shipped accounts and folders, and an installation in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.var = root / "var/lib/groundswell"
        self._make()
        users = _column(root / "etc/passwd", 2)
        groups = _column(root / "etc/group", 2)
        shared = groups["groundswell"]
        self.owner = Account(users["groundswell"], shared, [])
        door = "groundswell-door"
        self.door = Account(users[door], groups[door], [shared])
        self.environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GROUNDSWELL_VAR": str(self.var),
        }
        self.python = self._python()

    def _python(self) -> str:
        """A Python that other accounts can run; the one of this run may be in somebody's home."""
        version = "{}.{}".format(*sys.version_info)
        for python in (sys.executable, f"/usr/bin/python{version}"):
            with contextlib.suppress(OSError):
                probe = [python, "-c", "import groundswell.cli, django, uvloop"]
                done = subprocess.run(
                    probe, env=self.environ, cwd="/", check=False, capture_output=True,
                    **self.door._asdict(),
                )  # fmt: skip
                if done.returncode == 0:
                    return python
        pytest.skip("this checkout or its Python cannot be read by other accounts")

    def _make(self) -> None:
        (self.root / "etc").mkdir()
        own = self.root / "www.conf"
        own.write_text("u www-data - - /\n")
        rules = DEPLOY / "systemd"
        users = ["systemd-sysusers", f"--root={self.root}", str(own)]
        _call(*users, str(rules / "sysusers.d/groundswell.conf"))
        members = _column(self.root / "etc/group", 3, number=False)
        assert members["groundswell"] == "groundswell-door"
        folders = ["systemd-tmpfiles", "--create", f"--root={self.root}"]
        _call(*folders, str(rules / "tmpfiles.d/groundswell.conf"))

    def run(self, account: Account, *words: str) -> str:
        done = subprocess.run(
            [self.python, *words], env=self.environ, cwd="/", **account._asdict(),
            capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def process(self, account: Account, word: str, **settings: object) -> Process:
        named = {f"GROUNDSWELL_{key.upper()}": str(value) for key, value in settings.items()}
        log = self.root / f"{word}.log"
        return Process(word, self.environ | named, log, self.python, **account._asdict())

    def readable(self, account: Account) -> set[str]:
        """Which of all files in the data folder an account can read."""
        files = [str(path) for path in self.var.rglob("*") if path.is_file()]
        program = (
            "import json, os, sys\n"
            "print(json.dumps([f for f in json.loads(sys.argv[1]) if os.access(f, os.R_OK)]))"
        )
        found = json.loads(self.run(account, "-c", program, json.dumps(files)))
        return {str(Path(one).relative_to(self.var)) for one in found}


def _column(file: Path, column: int, *, number: bool = True) -> dict[str, Any]:
    rows = [line.split(":") for line in file.read_text().splitlines()]
    return {row[0]: int(row[column]) if number else row[column] for row in rows}


def _call(*argv: str) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    if os.geteuid() != 0:
        pytest.skip("only root can be two accounts")
    # Not in pytest's own folder: that is closed to other accounts.
    root = Path(tempfile.mkdtemp(prefix="groundswell-box-"))
    try:
        root.chmod(0o755)
        made = Box(root)
        with databases.fresh(made.var):
            for file in made.var.glob("db.sqlite3*"):
                file.chmod(0o666)  # so that it is `prepare` that closes it
                os.chown(file, made.owner.user, made.owner.group)
            made.run(made.owner, "-m", "groundswell", "prepare")
            site.write_site(made.var)
            yield made
    finally:
        shutil.rmtree(root, ignore_errors=True)


SECRET: Final = {
    "db.sqlite3",
    "keys/core/seal.json",
    "keys/core/link.json",
    "keys/data/data.json",
    "keys/data/index.json",
    "keys/studio/session.json",
    "keys/operator/rehearsal.json",
}


@needs("systemd-sysusers", "systemd-tmpfiles")
@pytest.mark.skipif(not databases.is_sqlite(), reason="the data folder is the same on PostgreSQL")
class TestTwoAccounts:
    def test_it_takes_a_signature_as_one_and_counts_it_as_the_other(self, box: Box) -> None:
        port = free_port()
        door = Intake(box.var)
        door.port = port
        intake = box.process(box.door, "intake", public_port=port, metrics_port=0)
        core = box.process(box.owner, "core")
        with running(intake, core):
            wait_until(_answers(door), seconds=CEILING)
            answer = door.api(site.api_body())
            assert answer.status == 202, answer.text + (box.root / "intake.log").read_text()
            there = Installation(box.var)

            def counted() -> bool:
                found = there.ask("SELECT submission_id FROM people_participation")
                return [str(row[0]).replace("-", "") for row in found] == [answer.json["id"]]

            wait_until(counted, seconds=CEILING)
            intake.end(signal.SIGTERM)
            journal = JournalReader(box.var / "journal")
            wait_until(lambda: not journal.files(), seconds=CEILING)
        assert (box.var / "log/access-0.log").stat().st_uid == box.door.user

    def test_it_lets_the_door_read_only_what_is_public(self, box: Box) -> None:
        seen = box.readable(box.door)
        assert not seen & SECRET
        assert {name.split("/")[0] for name in seen} <= {"keys", "site", "journal", "log"}
        keys = {name for name in seen if name.startswith("keys/")}
        assert "keys/public/seal.json" in keys
        assert all(name.startswith("keys/public/") for name in keys)
        assert any(name.startswith("site/public") for name in seen)

    def test_it_lets_core_read_all_of_it(self, box: Box) -> None:
        assert box.readable(box.owner) >= SECRET

    def test_it_would_see_open_doors(self, box: Box) -> None:
        closed = (box.var / "keys/core", box.var / "keys/core/seal.json", box.var / "db.sqlite3")
        modes = [path.stat().st_mode for path in closed]
        try:
            for path in closed:
                path.chmod(0o755)
            assert {"keys/core/seal.json", "db.sqlite3"} <= box.readable(box.door)
        finally:
            for path, mode in zip(closed, modes, strict=True):
                path.chmod(mode)


def _answers(door: Intake) -> Callable[[], bool]:
    def answers() -> bool:
        with contextlib.suppress(OSError):
            return door.get("/healthz").status == 200
        return False

    return answers
