"""Stories of bad days: processes die, nothing acknowledged is lost, no name lies about."""

import base64
import threading
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import apsw
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import SIGN, confirm_by_script, numbers, sign, sign_by_script
from tests.support.stack import Stack, wait


def stored(stack: Stack) -> set[str]:
    """The ids of all Participations, read from the database itself."""
    database = apsw.Connection(str(stack.folder / "db.sqlite3"), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        rows = database.execute("SELECT submission_id FROM people_participation")
        return {str(row[0]).replace("-", "") for row in rows}
    finally:
        database.close()


class Crowd:
    """People who go on signing, each until acknowledged or refused; keeps the ids of promises."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.stack, self.name = stack, name
        self.acknowledged: list[str] = []
        self.failed = 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._go_on, args=(n,)) for n in range(3)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, lane: int) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            email = f"{self.name}-{lane}-{number}@crowd.example.org"
            try:
                self.acknowledged.append(sign_by_script(self.stack, email=email)["id"])
            except (OSError, urllib.error.URLError):
                self.failed += 1
            time.sleep(0.03)


def test_it_counts_two_hundred_signatures_to_the_last_one(stack: Stack, desk: Page) -> None:
    before = numbers(stack)
    emails = [f"one-of-200-{number}@example.org" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda email: sign_by_script(stack, email=email), emails))
        ids = {answer["id"] for answer in answers}
        assert len(ids) == 200
        wait(lambda: ids <= stored(stack), seconds=20, what="200 rows")
        list(pool.map(lambda email: stack.mail(email, seconds=60), emails))
        list(pool.map(lambda email: confirm_by_script(stack, email), emails))
    wait(lambda: numbers(stack)["counted"] == before["counted"] + 200, seconds=30, what="200 more")
    assert numbers(stack)["collected"] >= before["collected"] + 200
    desk.goto(stack.public + SIGN)
    shown = f"{before['counted'] + 200:,}"
    expect(desk.locator("[data-count]").first).to_have_text(shown)
    assert "Every sum is what the rows add up to." in stack.run("recount")


@pytest.mark.fault
@pytest.mark.parametrize("name", ["intake", "core", "studio"])
def test_it_loses_nothing_when_it_is_killed(stack: Stack, name: str) -> None:
    with Crowd(stack, f"killed-{name}") as crowd:
        wait(lambda: len(crowd.acknowledged) > 20, what="a crowd")
        for _ in range(2):
            stack.kill(name)
            stack.wait_for_line(rf"{name} was killed by SIGKILL; starting it again")
            stack.wait_for_line(rf"{name} is back", seconds=60)
        so_far = len(crowd.acknowledged)
        wait(lambda: len(crowd.acknowledged) > so_far + 20, what="the crowd going on")
    promised = set(crowd.acknowledged)
    assert len(promised) == len(crowd.acknowledged)
    wait(lambda: promised <= stored(stack), seconds=30, what="a row for each promise")
    assert "Every sum is what the rows add up to." in stack.run("recount")


@pytest.mark.fault
def test_it_goes_on_taking_signatures_with_everything_else_down(
    lonely: Stack, device: object, phone: Page
) -> None:
    lonely.stop()
    lonely.start("intake", until="")
    wait(lambda: reachable(lonely), what="intake alone")
    before = stored(lonely)
    sign(phone, lonely.public + SIGN, given="Alone", family="Atnight", email="alone@example.org")
    answers = [sign_by_script(lonely, email=f"alone{n}@example.org") for n in range(20)]
    assert stored(lonely) == before
    lonely.stop()
    lonely.start("demo")
    promised = {answer["id"] for answer in answers}
    wait(lambda: promised <= stored(lonely), seconds=20, what="a row for each promise")
    assert lonely.mail("alone@example.org", seconds=30)


@pytest.mark.fault
def test_it_leaves_no_name_at_the_public_door(lonely: Stack) -> None:
    canaries = ["Zebulonia", "canary-7f3a@example.org"]
    lonely.stop()
    lonely.start("intake", until="")
    wait(lambda: reachable(lonely), what="intake alone")
    sign_by_script(lonely, given=canaries[0], email=canaries[1])
    assert findings(lonely, canaries) == []
    lonely.stop()
    assert findings(lonely, canaries) == []
    lonely.start("demo")
    wait(lambda: lonely.mails(canaries[1]), seconds=30, what="the mail")
    # Nor in the database: the mail in the sink is the only place.
    assert findings(lonely, canaries) == []
    assert canaries[0] not in "\n".join(lonely.log)


@pytest.mark.parametrize(
    "leak",
    [
        b"..Zebulonia..",
        b"..zebulonia..",
        "..Zebulonia..".encode("utf-16-le"),
        "..Zebulonia..".encode("utf-16-be"),
        b"..Zebulonia..".hex().encode(),
        b"..Zebulonia..".hex().upper().encode(),
        *(base64.b64encode(b"." * pad + b"Zebulonia..") for pad in range(3)),
    ],
)
def test_it_would_find_a_name(lonely: Stack, leak: bytes) -> None:
    (lonely.folder / "leak").write_bytes(leak)
    assert findings(lonely, ["Zebulonia"]) == ["leak: Zebulonia"]
    (lonely.folder / "leak").unlink()


def reachable(stack: Stack) -> bool:
    try:
        return bool(stack.get("/healthz"))
    except OSError:
        return False


def findings(stack: Stack, names: list[str]) -> list[str]:
    """Files of the data folder, the caught mail apart, that hold one of the names in any guise."""
    found = []
    for path in sorted(stack.folder.rglob("*")):
        if path.is_file() and "mail" not in path.relative_to(stack.folder).parts[:1]:
            content = path.read_bytes()
            found += [
                f"{path.relative_to(stack.folder)}: {name}"
                for name in names
                if any(guise in content for guise in guises(name))
            ]
    return found


def guises(name: str) -> set[bytes]:
    """The bytes by which a name may hide: encodings, hex, base64 at each of its three offsets."""
    raw = name.encode()
    shifted = [base64.b64encode(b"\0" * pad + raw) for pad in range(3)]
    # The first and last letters of base64 depend on what stands beside it.
    cores = {text[4:].rstrip(b"=")[:-2] for text in shifted}
    wide = {name.encode("utf-16-le"), name.encode("utf-16-be")}
    hexed = {raw.hex().encode(), raw.hex().upper().encode()}
    return {raw, raw.lower(), raw[::-1], *hexed, *wide, *cores}
