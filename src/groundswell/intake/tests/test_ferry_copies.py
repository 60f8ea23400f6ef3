"""The ferry's copies: never taken for whole too early, honest about damage, able to heal."""

from pathlib import Path

from groundswell.intake import journal_copy
from groundswell.intake.journal_reader import JournalReader
from groundswell.intake.tests.test_ferry import Writer, arrived, shore, source


def test_it_fetches_the_others_when_one_file_is_damaged(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "there")
    bad, good = writer.file(5), writer.file(5)
    writer.file(1)
    (tmp_path / "there" / bad).write_bytes(b"no journal at all" * 500)
    with shore(tmp_path / "there") as server:
        here = source(server, tmp_path / "here")
        here.step()
    assert arrived(tmp_path / "here")[good] == writer.sent[good]
    assert JournalReader(tmp_path / "there").damaged() == [bad]
    (missing,) = JournalReader(tmp_path / "here").read(bad, after=0)
    assert "group 1 to 5 is gone" in missing.wrong


def test_it_says_which_groups_a_damaged_file_has_lost(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "there")
    file = writer.file(5)
    path = tmp_path / "there" / file
    writer.file(1)
    data = path.read_bytes()
    start = data.index(b"%b 3 " % file.encode())
    path.write_bytes(data[:start] + bytes(40) + data[start + 40 :])
    with shore(tmp_path / "there") as server:
        source(server, tmp_path / "here").step()
    groups = JournalReader(tmp_path / "here").read(file, after=0)
    assert [bool(group.wrong) for group in groups] == [False, False, True, False, False]
    assert JournalReader(tmp_path / "there").damaged() == [file]


def test_it_heals_a_growing_copy_from_the_original(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "there")
    file = writer.disk.create()
    with shore(tmp_path / "there") as server:
        for seq in (1, 2, 3):
            file.append(seq=seq, at=seq, n=1, tags=b"", sealed=b"%d" % seq)
        source(server, tmp_path / "here").step()
        copy = tmp_path / "here" / file.name
        copy.write_bytes(copy.read_bytes()[:-1])  # as after a crash in the middle of it
        file.close()
        writer.stop()
        assert source(server, tmp_path / "here").step() == 1
    assert arrived(tmp_path / "here") == {file.name: [b"1", b"2", b"3"]}


def test_it_never_takes_half_a_copy_for_drained(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "there")
    file = writer.disk.create()
    file.append(seq=1, at=1, n=1, tags=b"", sealed=b"1")
    with shore(tmp_path / "there") as server:
        source(server, tmp_path / "here").step()
    # Nobody holds a lock here and a newer copy may be there already; the mark alone says it.
    journal_copy.begin(tmp_path / "here" / "edge1-0-99999999999.journal")
    here = JournalReader(tmp_path / "here")
    assert not here.drained(file.name, after=1)
    journal_copy.complete(tmp_path / "here" / file.name)
    assert here.drained(file.name, after=1)
