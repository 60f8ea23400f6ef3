"""The command on a whole installation: nothing to mend, and what the database knows."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groundswell.base import clock, env, mark
from groundswell.ops.doctor import clocks, command, database
from groundswell.ops.doctor.finding import ROLES, Finding, Host
from groundswell.ops.doctor.tests.conftest import HostFactory
from groundswell.ops.doctor.tests.test_mail import server
from groundswell.people.models import Heartbeat
from tests.support.installation import Installation, prepared
from tests.support.ports import free_port
from tests.support.stack import fetch, wait


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation with a mail server."""
    folder = tmp_path_factory.mktemp("whole")
    folder.chmod(0o755)
    with server() as smtp_port:
        ports = {"public_port": str(free_port()), "metrics_port": "0", "smtp_port": smtp_port}
        with prepared(folder, **ports) as made, _running(made, "intake"), _running(made, "core"):
            url = f"http://127.0.0.1:{ports['public_port']}/healthz"
            wait(lambda: _answers(url), seconds=120, what="intake")
            beats = "SELECT count(*) FROM people_heartbeat"
            wait(lambda: made.ask(beats)[0][0] > 5, seconds=120, what="core")
            yield made


def _running(at: Installation, name: str) -> "subprocess.Popen[bytes]":
    return _Process(
        [sys.executable, "-m", "groundswell", name],
        env=at.environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


class _Process(subprocess.Popen[bytes]):
    """One that is killed at the end of its block."""

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.wait()


def _answers(url: str) -> bool:
    try:
        return bool(fetch(url))
    except OSError:
        return False


def findings(at: Installation, *words: str, **settings: str) -> list[dict[str, Any]]:
    done = at.command("doctor", "--json", *words, **settings)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    wrong = any(finding["level"] == "wrong" for finding in found)
    assert done.returncode == int(wrong), done.stderr
    return found


def wrong(found: list[dict[str, Any]]) -> list[str]:
    """What is to be mended, but for what this machine's disk and limits are like."""
    ours = [one for one in found if one["subject"] != "disk" and "open" not in one["text"]]
    return [f"{one['subject']}: {one['text']}" for one in ours if one["level"] == "wrong"]


def test_it_finds_nothing_to_mend(whole: Installation) -> None:
    found = findings(whole)
    assert wrong(found) == []
    well = {one["subject"] for one in found if one["level"] == "ok"}
    assert {"versions", "keys and accounts", "database", "mail server", "core"} <= well
    assert {"published files", "network"} <= well


def test_it_says_so_in_lines(whole: Installation) -> None:
    said = whole.command("doctor", smtp_port=str(free_port()))
    assert said.returncode == 1
    (line,) = [one for one in said.stdout.splitlines() if "mail server" in one]
    assert line.startswith("wrong  mail server: 127.0.0.1 port ")
    assert " -> look at GROUNDSWELL_SMTP_HOST" in line
    assert said.stdout.splitlines()[-1].endswith(" to mend.")


def test_it_looks_on_each_host_at_what_is_there(whole: Installation) -> None:
    intake = {one["subject"] for one in findings(whole, "--role", "intake")}
    assert not intake & {"database", "mail server", "DNS for mail", "backup"}
    assert "disk" in intake
    assert "network" not in {one["subject"] for one in findings(whole, "--role", "core")}


def test_it_guesses_an_intake_host(host: HostFactory, tmp_path: Path) -> None:
    settings = host().settings
    assert command.roles("guess", settings) == ROLES
    (tmp_path / "keys/core/seal.json").unlink()  # lost, which is no reason to look away
    assert command.roles("guess", settings) == ROLES
    for name in ("core", "data", "studio"):
        shutil.rmtree(tmp_path / "keys" / name)
    assert command.roles("guess", settings) == ("intake",)
    assert command.roles("core", settings) == ("core",)


def test_it_needs_on_an_intake_host_only_what_intake_needs(whole: Installation) -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys("
        "['django', 'dns', 'psycopg', 'pysqlite3', 'wagtail', 'babel'])); "
        "from groundswell.cli import main; main(['doctor', '--role', 'intake'])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        env=whole.environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert "ok     network" in said.stdout


def test_it_goes_on_where_the_database_does_not(whole: Installation, tmp_path: Path) -> None:
    found = findings(whole, database="postgresql://me:pw@127.0.0.1:1/gw")
    (line,) = [one for one in wrong(found) if one.startswith("database")]
    assert "does not answer" in line
    assert any(one["subject"] == "mail server" for one in found)


def test_it_finds_a_database_that_is_not_prepared(whole: Installation, tmp_path: Path) -> None:
    found = Installation(tmp_path)
    found.run("keys", "init")
    assert any("not prepared" in line for line in wrong(findings(found, "--role", "studio")))


def test_it_says_what_the_settings_checks_say(whole: Installation) -> None:
    found = findings(whole, "--role", "studio", production="true")
    assert any("does not start with https://" in line for line in wrong(found))


# With the database of the tests -----------------------------------------------------------------


@pytest.fixture
def here() -> Host:
    return Host(env.load())


def found_by(check: Any, *args: Any) -> list[Finding]:
    return list(check(*args))


@pytest.mark.django_db
def test_it_repeats_what_the_dashboard_says(here: Host) -> None:
    (notice,) = found_by(database._dashboard)
    assert (notice.level, notice.subject) == ("wrong", "core")
    assert "groundswell core" in notice.mend
    Heartbeat.objects.create(name="drain", at=clock.now())
    assert [finding.level for finding in found_by(database._dashboard)] == ["ok"]


@pytest.mark.django_db
def test_it_finds_a_backup_that_is_old(
    here: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Heartbeat.objects.create(name="drain", at=clock.now())
    settings = env.read({"GROUNDSWELL_VAR": str(tmp_path)})
    monkeypatch.setattr(env, "load", lambda: settings)
    assert [one.level for one in command.backups(Host(settings))] == ["note"]
    mark.write(settings, mark.LastBackup(clock.now() - timedelta(days=6), "/backups"))
    assert [one.level for one in found_by(database._dashboard)] == ["ok"]
    mark.write(settings, mark.LastBackup(clock.now() - timedelta(days=8), "/backups"))
    (notice,) = found_by(database._dashboard)
    assert "1 week ago" in notice.text
    assert "groundswell backup" in notice.mend


def test_it_finds_a_database_server_with_another_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "ahead", lambda: 0.1)
    assert found_by(database._clock) == []
    monkeypatch.setattr(database, "ahead", lambda: -90.0)
    (found,) = found_by(database._clock)
    assert (found.level, found.subject) == ("wrong", clocks.SUBJECT)
    assert "-90 s" in found.text


def test_it_finds_files_older_than_the_database(
    host: HostFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = tmp_path / "site/generation"
    moment = clock.now()
    monkeypatch.setattr(database, "_last_published", lambda: moment)
    assert found_by(database._site, host()) == []
    os.utime(generation, (moment.timestamp() - 600,) * 2)
    (found,) = found_by(database._site, host())
    assert "10 minutes older" in found.text
    assert found.mend == "run `groundswell publish`"


def test_it_finds_damaged_journal_files(host: HostFactory, tmp_path: Path) -> None:
    assert found_by(database._journal, host()) == []
    (tmp_path / "journal/damaged").mkdir()
    (tmp_path / "journal/damaged/0-00000001.journal").touch()
    (found,) = found_by(database._journal, host())
    assert "0-00000001.journal" in found.text


def test_it_shows_a_finding_in_a_line() -> None:
    finding = SimpleNamespace(level="note", subject="clock", text="late", mend="wind it")
    assert command.line(finding) == "note   clock: late -> wind it"  # type: ignore[arg-type]
