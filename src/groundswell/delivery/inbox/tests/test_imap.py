"""The mailbox on a server: Dovecot's own, as it runs at most providers."""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundswell.delivery.inbox.imap import Imap
from groundswell.delivery.inbox.mailbox import MOST_BYTES
from groundswell.delivery.post import ServerDown
from tests.support.ports import free_port

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"


class Server:
    """A Dovecot with one account, and the Maildir that it shows."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.mail = folder / "mail"

    def put(self, number: int, raw: bytes) -> None:
        place = self.mail / "new" / f"{number}.one.host"
        place.write_bytes(raw)
        place.chmod(0o666)

    def names(self, folder: str = "") -> list[str]:
        return sorted(
            one.name for part in ("new", "cur") for one in (self.mail / folder / part).glob("*")
        )


CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
{mine}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


def configuration(folder: Path, port: int) -> str:
    # As root it changes to accounts of its own; as anybody else it stays who it is.
    if os.getuid() == 0:
        return CONFIGURATION.format(folder=folder, port=port, mine="", owner=pwd.getpwnam("mail"))
    lines = [f"default_{kind}_user = {getpass.getuser()}" for kind in ("internal", "login")]
    owner = pwd.getpwuid(os.getuid())
    return CONFIGURATION.format(folder=folder, port=port, mine="\n".join(lines), owner=owner)


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Server]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="gw-imap-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        for part in ("mail/new", "mail/cur", "mail/tmp", "state"):
            (folder / part).mkdir(parents=True)
        for place in folder.rglob("*"):
            place.chmod(0o777)
        (folder / "conf").write_text(configuration(folder, port))
        process = subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "conf")])
        try:
            wait_for(port)
            yield Server(folder, port)
        finally:
            process.terminate()
            process.wait()


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("dovecot did not start")


def test_it_reads_takes_away_and_keeps(dovecot: Server) -> None:
    dovecot.put(1, b"Subject: one\n\nfirst\n")
    dovecot.put(2, b"Subject: two\n\nsecond\n")
    dovecot.put(3, b"Subject: three\n\n" + b"x" * (MOST_BYTES + 10))
    box = Imap(f"imap://campaign@127.0.0.1:{dovecot.port}/INBOX", "secret")
    first, second, third = box.mails(10)
    assert (b"first" in first.raw, first.is_cut) == (True, False)
    assert (len(third.raw), third.is_cut) == (MOST_BYTES, True)
    assert len(list(box.mails(2))) == 2
    box.done(first.name)
    box.keep(second.name, "unknown")
    box.keep(third.name, "unknown")
    assert list(box.mails(10)) == []
    box.close()
    assert len(dovecot.names(".unknown")) == 2
    assert dovecot.names() == []


def test_it_says_what_is_wrong_without_the_password(dovecot: Server) -> None:
    with pytest.raises(ServerDown) as refused:
        list(Imap(f"imap://campaign@127.0.0.1:{dovecot.port}", "hunter2").mails(1))
    assert "hunter2" not in str(refused.value)
    with pytest.raises(ServerDown, match="no folder"):
        list(Imap(f"imap://campaign@127.0.0.1:{dovecot.port}/Nowhere", "secret").mails(1))
    with pytest.raises(ServerDown, match="ConnectionRefusedError"):
        list(Imap(f"imap://campaign@127.0.0.1:{free_port()}", "secret").mails(1))
