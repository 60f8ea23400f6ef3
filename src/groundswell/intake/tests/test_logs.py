"""What the door writes about itself names nobody."""

import contextlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from groundswell.intake.accesslog import OLDER_FILES, AccessLog
from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import PATH, api_body

SECRETS = {
    "given_name": "Xanthippe",
    "family_name": "Quartermaine",
    "email": "xanthippe@quartermaine.example",
    "comment": "my secret reason",
}
BROKEN = """
from groundswell.base import env
from groundswell.intake import memory, server
def explode(self, **given):
    raise KeyError(str(given))
memory.Memory.entry = explode
server.run(env.load())
"""


def everything_written(folder: Path) -> bytes:
    found = b""
    for path in folder.rglob("*"):
        if path.is_file() and "keys" not in path.parts and "site" not in path.parts:
            found += path.read_bytes()
    return found


def access_log(folder: Path) -> list[dict[str, object]]:
    text = (folder / "log" / "access-0.log").read_text()
    return [json.loads(line) for line in text.splitlines()]


def test_it_writes_no_name_anywhere(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    forwarded = "203.0.113.77"
    with site.intake(tmp_path, trusted_proxies="127.0.0.1/32") as door:
        assert door.form(SECRETS, x_forwarded_for=forwarded).status == 303
        assert door.api(api_body(SECRETS), x_forwarded_for=forwarded).status == 202
        assert door.form({**SECRETS, "email": SECRETS["email"] + "@"}).status == 422
        assert door.get(f"/en/{SECRETS['email']}/?t=TOKEN-OF-XANTHIPPE").status == 404
        assert door.get(f"{PATH}?t=TOKEN-OF-XANTHIPPE").status == 200
        text = door.metrics()
        assert len(door.stored()) == 2
        assert door.stop() == 0
    written = everything_written(tmp_path) + text.encode()
    for word in (b"xanthippe", b"quartermaine", b"secret reason", b"203.0.113", b"127.0.0.1"):
        assert word not in written.lower()
    lines = access_log(tmp_path)
    assert "{" not in door.log.read_text()
    posts = [line for line in lines if line["method"] == "POST"]
    assert [line["status"] for line in posts] == [303, 202, 422]
    assert set(posts[0]) == {"at", "method", "path", "status", "ms", "bytes"}
    assert [line["path"] for line in lines if line["status"] == 404] == ["?"]


def test_it_is_loud_about_a_bug_but_quotes_nobody(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path, program=BROKEN) as door:
        answer = door.form(SECRETS)
        assert (answer.status, answer.text) == (500, "<h1>error 500 en</h1>")
        for answer in (door.api(api_body(SECRETS)), door.form(SECRETS, accept="application/json")):
            assert answer.status == 500
            error = answer.json["error"]
            assert (error["code"], error["fields"]) == ("internal", [])
        assert door.get(PATH).status == 200
        text = door.metrics()
    assert 'last_error{reason="bug: KeyError"} 1' in text
    log = door.log.read_text()
    assert "CRITICAL bug: KeyError at explode" in log
    assert "anthippe" not in log


def test_it_keeps_a_bounded_number_of_lines(tmp_path: Path) -> None:
    file = tmp_path / "log" / "access-0.log"
    log = AccessLog(file, max_bytes=2_000)
    for number in range(200):
        log.add("GET", f"/en/{number}/", 200, 0.001, 10)
        log.flush()
    names = {path.name for path in file.parent.iterdir()}
    assert names <= {"access-0.log", *(f"access-0.log.{at}" for at in range(1, OLDER_FILES + 1))}
    assert len(names) >= OLDER_FILES
    assert sum(path.stat().st_size for path in file.parent.iterdir()) < 2_200 * (OLDER_FILES + 1)
    newest = [path.read_text() for path in (file, file.with_name("access-0.log.1"))]
    assert '"/en/199/"' in "".join(text for text in newest if text)
    assert '"/en/0/"' not in "".join(path.read_text() for path in file.parent.iterdir())


def test_it_stores_and_says_so_once_when_the_log_cannot_be_written(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    (tmp_path / "log").write_text("a file where a folder should be")
    with site.intake(tmp_path) as door:
        for _ in range(3):
            assert door.form(site.GOOD).status == 303
            time.sleep(0.3)
        assert door.stop() == 0
    assert door.log.read_text().count("no access log") == 1


def test_it_counts_answers_for_operators(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path) as door:
        door.api(api_body())
        door.api(api_body({}))
        text = door.metrics()
    assert 'groundswell_submissions_total{verb="sign",answer="stored"} 1' in text
    assert 'groundswell_submissions_total{verb="sign",answer="invalid"} 1' in text
    assert "groundswell_journal_group_size_count 1" in text
    assert "groundswell_can_store 1" in text


def send_many(door: site.Intake, count: int) -> list[int]:
    """Statuses of so many submissions, one after the other on a connection of their own."""
    statuses = []
    with contextlib.closing(door.connect()) as link:
        for _ in range(count):
            body = json.dumps(api_body(key=os.urandom(8).hex()))
            link.request("POST", "/api/v1/submissions", body, {"content-type": "application/json"})
            answer = link.getresponse()
            answer.read()
            statuses.append(answer.status)
    return statuses


def test_it_stores_in_both_workers_under_load(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    reader, stored, writers = JournalReader(tmp_path / "journal"), 0, set[str]()
    with site.intake(tmp_path, intake_workers=2, journal_name="edge-1") as door:
        deadline = time.monotonic() + 60
        # Which worker takes a connection is the kernel's choice, and the second starts later.
        while writers != {"edge-1-0", "edge-1-1"}:
            assert time.monotonic() < deadline
            with ThreadPoolExecutor(8) as pool:
                for statuses in pool.map(partial(send_many, door), [20] * 8):
                    assert statuses == [202] * 20
                    stored += 20
            writers = {
                name.rpartition("-")[0] for name in reader.files() if reader.read(name, after=0)
            }
        assert len({one.id for one in door.stored()}) == stored


def test_it_gives_each_worker_its_own_journal(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path, intake_workers=2, metrics_port=0) as door:
        deadline = time.monotonic() + 10
        while {path.name[0] for path in (tmp_path / "journal").glob("*.journal")} != {"0", "1"}:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        for _ in range(24):
            assert door.api(api_body(key=os.urandom(8).hex())).status == 202
        assert len(door.stored()) == 24
