"""Damage in a journal file: mended, stepped over or waited for, never passed over in silence."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.intake import journal_frames as frames
from groundswell.intake.journal_files import SegmentDisk, SegmentFile
from groundswell.intake.journal_reader import DAMAGED, JournalReader
from groundswell.intake.journal_scan import Scan


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SegmentDisk]:
    """A journal with a writer that lives."""
    disk = SegmentDisk(tmp_path)
    yield disk
    disk.release()


def fill(file: SegmentFile, *seqs: int) -> None:
    for seq in seqs:
        file.append(seq=seq, at=seq, n=1, tags=b"", sealed=b"group %d " % seq * 100)


def spoil(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    at = data.index(old)
    with path.open("r+b") as file:
        file.seek(at)
        file.write(new)


def read(folder: Path, file: str) -> list[tuple[int, str]]:
    return [(group.seq, group.wrong) for group in JournalReader(folder).read(file, after=0)]


def test_it_mends_a_flipped_bit_and_keeps_the_file(tmp_path: Path, disk: SegmentDisk) -> None:
    file = disk.create()
    fill(file, 1, 2, 3)
    file.close()
    disk.create()
    spoil(tmp_path / file.name, b"group 2", b"group 3")
    reader = JournalReader(tmp_path)
    assert [group.sealed[:7] for group in reader.read(file.name, after=0)] == [
        b"group 1",
        b"group 2",
        b"group 3",
    ]
    reader.remove(file.name)
    assert reader.damaged() == [file.name]
    assert b"group 3" in (tmp_path / DAMAGED / file.name).read_bytes()


def test_it_names_what_it_cannot_mend_and_reads_on(tmp_path: Path, disk: SegmentDisk) -> None:
    file = disk.create()
    fill(file, 1, 2, 3, 4)
    spoil(tmp_path / file.name, b"group 2", b"g@#*p 9")
    spoil(tmp_path / file.name, b"group 3", b"g@#*p 9")
    (_, missing, last) = read(tmp_path, file.name)
    assert missing[0] == 3
    assert missing[1].startswith("group 2 to 3 is damaged: bytes ")
    assert last == (4, "")


def test_it_waits_for_what_may_still_be_in_the_writing(tmp_path: Path, disk: SegmentDisk) -> None:
    file = disk.create()
    fill(file, 1, 2)
    frame = frames.encode(file.name, seq=3, at=1, n=1, tags=b"", sealed=b"x" * 500)
    reader = JournalReader(tmp_path)
    for written in (10, 60, 400, len(frame) - 1):
        file._write_at(file._end, frame[:written])
        assert [group.seq for group in reader.read(file.name, after=0)] == [1, 2]
        assert not reader.drained(file.name, after=2)
    file._write_at(file._end, frame)
    assert [group.seq for group in reader.read(file.name, after=2)] == [3]


def test_it_leaves_out_what_a_crash_has_cut_short(tmp_path: Path, disk: SegmentDisk) -> None:
    file = disk.create()
    fill(file, 1, 2)
    frame = frames.encode(file.name, seq=3, at=1, n=1, tags=b"", sealed=b"x" * 500)
    file._write_at(file._end, frame[:400])
    file.abandon()
    disk.create()
    assert read(tmp_path, file.name) == [(1, ""), (2, "")]
    reader = JournalReader(tmp_path)
    assert reader.drained(file.name, after=2)
    reader.remove(file.name)
    assert reader.damaged() == []


def test_it_misses_groups_before_the_end_that_the_file_speaks_of(
    tmp_path: Path, disk: SegmentDisk
) -> None:
    file = disk.create()
    fill(file, 1, 2, 3)
    file.close()
    disk.create()
    path = tmp_path / file.name
    data = path.read_bytes()
    third = data.index(b"group 3") - frames.FRAME_HEAD
    path.write_bytes(data[:third] + data[-frames.FRAME_HEAD :])
    assert [seq for seq, wrong in read(tmp_path, file.name) if wrong] == [3]


def test_it_names_a_damaged_end_once(tmp_path: Path, disk: SegmentDisk) -> None:
    file = disk.create()
    fill(file, 1, 2, 3)
    file.abandon()
    disk.create()
    spoil(tmp_path / file.name, b"group 3", b"g@#*p 9")
    reader = JournalReader(tmp_path)
    assert [group.seq for group in reader.read(file.name, after=0)] == [1, 2, 3]
    for again in (reader, JournalReader(tmp_path)):
        assert again.read(file.name, after=3) == []
        assert again.drained(file.name, after=3)


def test_it_reads_around_a_block_that_the_disk_does_not_give_back(
    tmp_path: Path, disk: SegmentDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = disk.create()
    fill(file, *range(1, 30))
    bad = range(8192, 12_288)
    pread = os.pread

    def broken(descriptor: int, length: int, offset: int) -> bytes:
        if offset < bad.stop and offset + length > bad.start:
            raise OSError(5, "unreadable")
        return pread(descriptor, length, offset)

    monkeypatch.setattr(os, "pread", broken)
    groups = read(tmp_path, file.name)
    (missing,) = (wrong for _, wrong in groups if wrong)
    assert groups[0] == (1, "")
    assert groups[-1] == (29, "")
    assert "group 10 to 14 is damaged" in missing
    with Scan.of(tmp_path / file.name) as scan:
        assert not scan.is_as_written()


def test_it_takes_nothing_for_its_own_that_another_file_has_left_on_the_disk(
    tmp_path: Path, disk: SegmentDisk
) -> None:
    old, new = disk.create(), disk.create()
    fill(old, 1, 2, 3)
    fill(new, 1)
    stale = (tmp_path / old.name).read_bytes()[32 + 944 : 32 + 944 * 3]
    new._write_at(new._end, stale)
    assert read(tmp_path, new.name) == [(1, "")]
