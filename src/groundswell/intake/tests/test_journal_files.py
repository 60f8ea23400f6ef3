"""The files themselves: numbers that never come back, and a reader that copes with any ending."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from groundswell.base import clock
from groundswell.intake.journal_files import DiskFault, SegmentDisk, SegmentFile, parse_name
from groundswell.intake.journal_reader import Group, JournalReader


def append(file: SegmentFile, seq: int, *, tags: bytes = b"") -> None:
    file.append(seq=seq, at=1, n=1, tags=tags, sealed=b"sealed %d" % seq)


def test_it_reads_after_a_cursor_while_the_writer_goes_on(tmp_path: Path) -> None:
    disk, reader = SegmentDisk(tmp_path), JournalReader(tmp_path)
    file = disk.create()
    assert reader.read(file.name, after=0) == []
    for seq in (1, 2, 3):
        append(file, seq)
    assert [group.seq for group in reader.read(file.name, after=1)] == [2, 3]
    assert [group.seq for group in reader.read(file.name, after=0, limit=2)] == [1, 2]
    append(file, 4)
    (group,) = reader.read(file.name, after=3)
    assert (group.file, group.n, group.sealed) == (file.name, 1, b"sealed 4")
    assert group.info == b"groundswell/journal/v1|" + file.name.encode() + b"|4"
    file.close()
    disk.release()


def test_it_knows_when_a_file_is_drained(tmp_path: Path) -> None:
    disk, reader = SegmentDisk(tmp_path), JournalReader(tmp_path)
    first = disk.create()
    append(first, 1)
    assert not reader.is_closed(first.name)
    second = disk.create()
    assert reader.is_closed(first.name)
    assert not reader.is_closed(second.name)
    assert not reader.drained(first.name, after=0)
    assert reader.drained(first.name, after=1)
    assert not reader.drained(second.name, after=0)
    first.close()
    second.close()
    disk.release()
    assert reader.drained(second.name, after=0)


def test_it_never_gives_a_number_twice(tmp_path: Path) -> None:
    disk, reader = SegmentDisk(tmp_path), JournalReader(tmp_path)
    file = disk.create()
    append(file, 1)
    file.close()
    disk.release()
    reader.remove(file.name)
    assert [path.name for path in tmp_path.iterdir()] == ["0.lock"]
    again = SegmentDisk(tmp_path)
    assert number(again.create().name) == number(file.name) + 1
    again.release()


def test_it_begins_above_all_numbers_of_a_machine_that_is_gone(tmp_path: Path) -> None:
    before = int(time.time())
    for folder in (tmp_path / "old", tmp_path / "new"):
        disk = SegmentDisk(folder)
        assert number(disk.create().name) > before
        before = int(time.time())
        disk.release()
        time.sleep(1.1)
    (tmp_path / "new" / "0.lock").write_text("torn\x00")
    disk = SegmentDisk(tmp_path / "new")
    assert number(disk.create().name) > before
    disk.release()


def number(name: str) -> int:
    place = parse_name(name)
    assert place is not None
    return place[1]


def test_it_gives_each_writer_its_own_place(tmp_path: Path) -> None:
    one, two = SegmentDisk(tmp_path), SegmentDisk(tmp_path)
    assert (one.worker, two.worker) == ("0", "1")
    assert two.create().name.startswith("1-")
    one.release()
    three = SegmentDisk(tmp_path)
    assert three.worker == "0"
    for disk in (two, three):
        disk.release()


def test_it_lists_files_in_the_order_they_were_written(tmp_path: Path) -> None:
    reader = JournalReader(tmp_path / "none")
    assert reader.files() == []
    for name in ("1-00000002", "0-00000010", "0-00000009", "0-100000000", "notes"):
        (tmp_path / f"{name}.journal").touch()
    assert JournalReader(tmp_path).files() == [
        "0-00000009.journal",
        "0-00000010.journal",
        "0-100000000.journal",
        "1-00000002.journal",
    ]


def test_it_reads_a_file_that_was_only_just_begun(tmp_path: Path) -> None:
    (tmp_path / "0-00000001.journal").touch()
    reader = JournalReader(tmp_path)
    assert reader.read("0-00000001.journal", after=0) == []
    assert reader.read("0-00000009.journal", after=0) == []
    assert reader.drained("0-00000001.journal", after=0)


def test_it_reads_what_a_killed_writer_left(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path;"
        "from groundswell.intake.journal_files import SegmentDisk;"
        "file = SegmentDisk(Path(sys.argv[1])).create();"
        "[file.append(seq=s, at=1, n=1, tags=b'', sealed=b'x' * 5000) for s in range(1, 51)];"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    reader = JournalReader(tmp_path)
    (name,) = reader.files()
    assert [group.seq for group in reader.read(name, after=0)] == list(range(1, 51))
    assert reader.drained(name, after=50)
    reader.remove(name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.lock"]


def test_it_remembers_the_newest_tags(tmp_path: Path) -> None:
    disk = SegmentDisk(tmp_path)
    assert disk.recent_tags(10) == []
    file = disk.create()
    tags = [bytes([n]) * 32 for n in range(9)]
    for seq in range(3):
        append(file, seq + 1, tags=b"".join(tags[seq * 3 : seq * 3 + 3]))
    assert disk.recent_tags(100) == tags
    assert disk.recent_tags(3) == tags[6:]
    file.close()
    disk.release()


def test_it_turns_every_fault_of_the_disk_into_one(tmp_path: Path) -> None:
    disk = SegmentDisk(tmp_path)
    file = disk.create()
    append(file, 1)
    file.abandon()
    with pytest.raises(DiskFault, match="OSError EBADF"):
        append(file, 2)
    assert [g.seq for g in JournalReader(tmp_path).read(file.name, after=0)] == [1]
    tmp_path.rename(tmp_path.with_name("gone"))
    with pytest.raises(DiskFault):
        disk.create()
    with pytest.raises(DiskFault):
        disk.free()
    disk.release()


GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["0-00000001.journal", "0-00000002.journal"])
def test_it_reads_files_of_every_version(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes((GOLDEN / name).read_bytes())
    reader = JournalReader(tmp_path)
    assert reader.read(name, after=0) == [
        Group(name, seq, 1_700_000_000_000 + seq, seq, b"sealed %d " % seq * 3)
        for seq in range(1, 6)
    ]
    assert [group.seq for group in reader.read(name, after=2, limit=2)] == [3, 4]
    assert reader.drained(name, after=5)
    reader.remove(name)
    assert list(tmp_path.iterdir()) == []


def test_it_writes_what_it_always_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now_ms", lambda: 1_700_000_000_006)
    file = SegmentFile(tmp_path / "0-00000002.journal")
    for seq in range(1, 6):
        tags, sealed = bytes([seq]) * 32 * seq, b"sealed %d " % seq * 3
        file.append(seq=seq, at=1_700_000_000_000 + seq, n=seq, tags=tags, sealed=sealed)
    file.close()
    assert (tmp_path / file.name).read_bytes() == (GOLDEN / file.name).read_bytes()
