"""The mailbox for bounces and answers."""

from pathlib import Path

from groundswell.ops.doctor import letters
from groundswell.ops.doctor.tests.conftest import HostFactory, only
from tests.support.ports import free_port


def test_it_says_that_nobody_reads_what_comes_back(host: HostFactory) -> None:
    assert "not seen" in only(list(letters.check(host())), "note").text


def test_it_finds_a_mailbox_that_can_be_read(host: HostFactory, tmp_path: Path) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "answers" / part).mkdir(parents=True)
    only(list(letters.check(host(letters_inbox=str(tmp_path / "answers")))), "ok")


def test_it_finds_one_that_cannot(host: HostFactory, tmp_path: Path) -> None:
    found = only(list(letters.check(host(letters_inbox=str(tmp_path / "nowhere")))))
    assert "No such file" in found.text
    found = only(list(letters.check(host(letters_inbox=f"imap://x@127.0.0.1:{free_port()}/A"))))
    assert "ConnectionRefused" in found.text
