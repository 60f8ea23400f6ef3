"""T14: the machine is gone. What a backup brings back to an empty one.

A backup is made while people sign and core drains; more sign; somebody has themselves erased; then
data folder and database are destroyed. Everything acknowledged before the backup began must be
there after a restore, nothing twice when the newer journal is put back as well, nobody who left,
and a link in an old mail must work.
"""

import json
import shutil
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from groundswell.base import ids, keyring
from groundswell.intake.tests import site_factory as site
from tests.faults.crowd import Crowd, Link, Reply, Visit, request
from tests.faults.matrix import Control, Fault, Outcome
from tests.support import databases
from tests.support.installation import Installation
from tests.support.ports import free_port
from tests.support.stack import wait

CHILD: Final = "tests.faults.t14_child"
SECONDS: Final = 120
SIGN: Final = "/en/lantern-room/sign/"
ERASED: Final = "SELECT count(*) FROM people_participation WHERE state = 'erased'"


def story(
    folder: Path, cycles: int, seed: int, *, backwards: bool = False, forgetful: bool = False
) -> Outcome:
    """Lose the machine so often. `backwards`: the database is copied before the journal.
    `forgetful`: the list of who has left is lost with the machine.
    """
    total = Outcome(0, 0)
    for cycle in range(cycles):
        place = folder / str(cycle)
        place.mkdir(parents=True)
        promised = _lose(place, seed + cycle, backwards=backwards)
        total += _bring_back(place, *promised, forgetful=forgetful)
        shutil.rmtree(place)
    return total


# Before -----------------------------------------------------------------------------------------


def _lose(place: Path, seed: int, *, backwards: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Who was promised what before the backup, and in all. What is left lies in `place`."""
    with campaigning(place / "old") as old, ExitStack() as stack:
        crowd = _crowd(old, "canary", seed, limit=1)
        core = _start(old, stack)
        with crowd:
            crowd.wait_for(1)
        with _crowd(old, "early", seed) as people:
            people.wait_for(40)
            wait(lambda: len(_ids(old)) > 40, seconds=SECONDS, what="the first to be drained")
            core.send_signal(signal.SIGSTOP)
            people.wait_for(people.statuses[202] + 30)
            _restart_intake(old, stack)
            before = people.promised | crowd.promised
            _back_up(old, place, before, core, backwards=backwards)
            people.wait_for(people.statuses[202] + 20)
        _erase(old, crowd.promised["canary-0@example.org"])
        _save(old, place)
        return before, people.promised | crowd.promised


def _back_up(
    old: Installation,
    place: Path,
    before: dict[str, str],
    core: "subprocess.Popen[bytes]",
    *,
    backwards: bool,
) -> None:
    """Back up; between the journal and the database, core drains all that was promised."""
    words = ["backup", str(place / "backups"), "backwards" if backwards else "forwards"]
    with subprocess.Popen(
        [sys.executable, "-m", CHILD, *words],
        env=old.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        while (line := child.stdout.readline()) != "between\n":
            assert line, "the backup ended before its middle"
        oldest = min((old.folder / "journal").glob("*.journal"))
        core.send_signal(signal.SIGCONT)
        wait(lambda: set(before.values()) <= _ids(old), seconds=SECONDS, what="all drained")
        wait(lambda: not oldest.exists(), seconds=SECONDS, what="the drained file deleted")
        child.stdin.write("go on\n")
        child.stdin.close()
        child.stdout.read()
    assert child.returncode == 0


def _erase(old: Installation, submission: str) -> None:
    _press(old, "manage", submission, do="erase")
    wait(lambda: old.ask(ERASED) == [(1,)], seconds=SECONDS, what="erased")


def _save(old: Installation, place: Path) -> None:
    """What an operator has elsewhere: keys, the list; and what a dead disk may still hold."""
    shutil.copytree(old.folder / "keys", place / "keys")
    shutil.copyfile(old.folder / "leaving.log", place / "leaving.log")
    shutil.copytree(old.folder / "journal", place / "newer")


# After ------------------------------------------------------------------------------------------


def _bring_back(
    place: Path, before: dict[str, str], promised: dict[str, str], *, forgetful: bool
) -> Outcome:
    shutil.rmtree(place / "old")
    with databases.empty() as url, ExitStack() as stack:
        new = Installation(place / "new", url, **_settings())
        shutil.copytree(place / "keys", new.folder / "keys")
        (backup,) = (place / "backups").glob("groundswell-*")
        new.run("restore", str(backup), *_list_of_leavers(place, forgetful=forgetful))
        stored = _ids(new)
        found = Outcome(
            1,
            acked=len(before),
            lost=len(set(before.values()) - stored),
            invented=len(stored - set(promised.values())) + int(new.ask(ERASED) != [(1,)]),
        )
        if not found.clean:  # nothing that follows could make up for it
            return found
        for path in (place / "newer").glob("*.journal"):
            shutil.copyfile(path, new.folder / "journal" / path.name)
        _start(new, stack)
        return found + _go_on(new, before, promised)


def _list_of_leavers(place: Path, *, forgetful: bool) -> list[str]:
    return [] if forgetful else ["--leavers", str(place / "leaving.log")]


def _go_on(new: Installation, before: dict[str, str], promised: dict[str, str]) -> Outcome:
    """An old mail's link is pressed and the newer journal drained: nothing comes twice."""
    stored = _ids(new)
    signer = next(one for email, one in before.items() if email[:5] == "early" and one in stored)
    _press(new, "confirm", signer)
    confirmed = f"SELECT count(*) FROM people_participation WHERE submission_id = '{_key(signer)}'"
    confirmed += " AND state = 'confirmed' AND counted"
    wait(lambda: new.ask(confirmed) == [(1,)], seconds=SECONDS, what="the old link to work")
    (rows,) = new.ask("SELECT count(*) FROM people_participation")
    stored = _ids(new)
    sums = new.command("recount")
    return Outcome(
        0,
        acked=0,
        duplicated=rows[0] - len(stored) + sums.returncode,
        invented=len(stored - set(promised.values())),
    )


@contextmanager
def campaigning(folder: Path) -> Iterator[Installation]:
    """An installation with a published campaign; nothing of it runs yet."""
    keyring.init(folder / "keys")
    with databases.fresh(folder) as url:
        made = Installation(folder, url, **_settings())
        made.run("campaign", module=CHILD)
        yield made


# Both -------------------------------------------------------------------------------------------


def _settings() -> dict[str, str]:
    return {
        "public_port": str(free_port()),
        "metrics_port": "0",
        "smtp_port": str(free_port()),  # nobody answers there
        "rate_exempt": "127.0.0.0/8 ::1/128",
        "languages": "en ar",
    }


def _start(at: Installation, stack: ExitStack) -> "subprocess.Popen[bytes]":
    """Start intake and core, to be killed at the end; returns core."""
    stack.enter_context(_running(at, "intake"))
    core = stack.enter_context(_running(at, "core"))
    _wait_for_intake(at)
    return core


def _restart_intake(at: Installation, stack: ExitStack) -> None:
    """A new process, so that the journal's file so far is closed; the crowd tries again."""
    first = at.processes.pop("intake")
    first.send_signal(signal.SIGTERM)
    first.wait(timeout=SECONDS)
    stack.enter_context(_running(at, "intake"))
    _wait_for_intake(at)


def _wait_for_intake(at: Installation) -> None:
    wait(lambda: _answers(_url(at, "/healthz")), seconds=SECONDS, what="intake")


@contextmanager
def _running(at: Installation, name: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "groundswell", name],
        env=at.environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    at.processes[name] = process
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _crowd(at: Installation, name: str, seed: int, limit: int | None = None) -> Crowd:
    page = _spec(at, "sign")["page"]

    async def ask(link: Link, visit: Visit) -> Reply:
        fields = {**site.GOOD, "email": visit.email}
        body = site.api_body(fields, key=visit.key, page=page)
        return await link.ask(request(json.dumps(body).encode()))

    return Crowd(
        int(at.environ["GROUNDSWELL_PUBLIC_PORT"]), lanes=3, seed=seed, name=name, limit=limit,
        ask=ask, rate=lambda _: 60.0,
    )  # fmt: skip


def _press(at: Installation, verb: str, submission: str, **fields: str) -> None:
    """Press the button behind the link in the mail for a submission."""
    secret = keyring.secret(at.folder / "keys", "link")
    token = ids.link_token(secret=secret, submission=bytes.fromhex(submission))
    form = urllib.parse.urlencode({"t": token, **fields}).encode()
    with urllib.request.urlopen(_url(at, _spec(at, verb)["path"]), form, timeout=SECONDS) as answer:
        assert answer.status == 200


def _spec(at: Installation, verb: str) -> dict[str, Any]:
    for file in sorted((at.folder / "site/specs").glob(f"*.{verb}.en.json")):
        spec: dict[str, Any] = json.loads(file.read_bytes())
        if verb == "manage" or spec["path"].startswith(SIGN):
            return spec
    raise AssertionError(f"no {verb} page is published")


def _url(at: Installation, path: str) -> str:
    return f"http://127.0.0.1:{at.environ['GROUNDSWELL_PUBLIC_PORT']}{path}"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=SECONDS):
            return True
    except OSError:
        return False


def _ids(at: Installation) -> set[str]:
    rows = at.ask("SELECT submission_id FROM people_participation")
    return {str(row[0]).replace("-", "") for row in rows}


def _key(submission: str) -> str:
    return submission if databases.is_sqlite() else str(UUID(hex=submission))


def unguarded(folder: Path, cycles: int, seed: int) -> Outcome:
    """The story without its two guards."""
    return story(folder, cycles, seed, backwards=True, forgetful=True)


FAULT: Final = Fault(
    "T14",
    "the machine is lost, and restored on an empty one",
    1,
    20,
    story,
    (Control("journal before database, list of leavers", 1, unguarded),),
)
