"""What is published gets to the intake hosts whole, the generation last, whatever happens."""

import os
import stat
import subprocess
from pathlib import Path
from typing import Final

import pytest

from groundswell.intake.site import Site
from groundswell.intake.tests import site_factory as site
from tests.deploy.front import DEPLOY, needs, program

pytestmark = needs("rsync")

# What ssh and an authorized_keys line with rrsync do, without a network: the folder is all that
# the other side can be asked to write.
SSH: Final = """#!/bin/sh
shift
SSH_ORIGINAL_COMMAND="$*" SSH_CONNECTION="here 1 there 2" exec rrsync -wo {folder}
"""


def push(inside: Path, *hosts: str, ssh: str = "") -> "subprocess.CompletedProcess[str]":
    environ = {
        "PATH": os.environ["PATH"],
        "GROUNDSWELL_VAR": str(inside),
        "PUSH_TO": " ".join(hosts),
        **({"PUSH_SSH": ssh} if ssh else {}),
    }
    return subprocess.run(
        [str(DEPLOY / "push-site")],
        env=environ, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    folder = site.make_folder(tmp_path / "inside")
    (folder / "site/lock").touch()
    (folder / "site/manifest.json").write_text("{}")
    (folder / "site/redirects.json").write_text('{"/old/": "/en/"}')
    (folder / "site/public/en/.index.html.1.new").write_text("half a page")
    return folder


def host(tmp_path: Path, name: str) -> Path:
    for part in ("site/public", "site/specs", "keys/public"):
        (tmp_path / name / part).mkdir(parents=True)
    return tmp_path / name


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for part in ("site", "keys/public")
        for path in (folder / part).rglob("*")
        if path.is_file()
    }


def expected(inside: Path) -> dict[str, bytes]:
    own = {"site/lock", "site/manifest.json", "site/public/en/.index.html.1.new"}
    return {name: data for name, data in tree(inside).items() if name not in own}


def test_it_brings_all_that_intake_reads_and_no_more(inside: Path, tmp_path: Path) -> None:
    hosts = [host(tmp_path, "one"), host(tmp_path, "two")]
    done = push(inside, *map(str, hosts))
    assert done.returncode == 0, done.stderr
    for there in hosts:
        assert tree(there) == expected(inside)
        assert not (there / "keys/core").exists()
        assert stat.S_IMODE((there / "site/generation").stat().st_mode) == 0o644
        shown = Site(there / "site", languages=("en", "ar"), https=True)
        shown.refresh()
        assert set(shown.snapshot.forms) == {site.PATH}


def test_it_sees_a_change_that_kept_length_and_second(inside: Path, tmp_path: Path) -> None:
    there = host(tmp_path, "one")
    page, generation = inside / "site/public/en/index.html", inside / "site/generation"
    for number in (1, 2):
        page.write_text(f"<h1>edition {number}</h1>")
        os.utime(page, ns=(0, 1_795_295_999_000_000_000))
        generation.write_text(f"{number}" * 16)
        os.utime(generation, ns=(0, 1_795_295_999_000_000_000))
        assert push(inside, str(there)).returncode == 0
        assert (there / "site/public/en/index.html").read_bytes() == page.read_bytes()
        assert (there / "site/generation").read_bytes() == generation.read_bytes()


def test_it_takes_away_what_is_gone(inside: Path, tmp_path: Path) -> None:
    there = host(tmp_path, "one")
    assert push(inside, str(there)).returncode == 0
    for part in ("index.html", "index.html.br", "index.html.gz"):
        (inside / "site/public/en/rivers/sign/thanks" / part).unlink()
    site.write_page(inside, "/en/new/", "<h1>new</h1>")
    site.touch_generation(inside)
    assert push(inside, str(there)).returncode == 0
    assert tree(there) == expected(inside)


def test_it_holds_the_generation_back_until_all_is_there(inside: Path, tmp_path: Path) -> None:
    there = host(tmp_path, "one")
    assert push(inside, str(there)).returncode == 0
    before = (there / "site/generation").read_bytes()
    site.write_page(inside, "/en/new/", "<h1>new</h1>")
    site.touch_generation(inside)
    specs = there / "site/specs"
    specs.rename(there / "specs")
    specs.write_text("a file where the folder should be, so that rsync cannot go on")
    (there / "keys/public").rename(there / "public")
    (there / "keys").rename(there / "elsewhere")
    done = push(inside, str(there))
    assert done.returncode == 1
    assert f"not pushed to: {there}" in done.stderr
    assert (there / "site/generation").read_bytes() == before


def test_it_goes_on_when_one_host_is_away(inside: Path, tmp_path: Path) -> None:
    there = host(tmp_path, "one")
    done = push(inside, str(tmp_path / "no/such/host"), str(there))
    assert done.returncode == 1
    assert tree(there) == expected(inside)


@pytest.mark.skipif(not program("rrsync"), reason="not installed: rrsync (Debian's rsync has it)")
def test_it_needs_no_more_than_one_folder_over_ssh(inside: Path, tmp_path: Path) -> None:
    there = host(tmp_path, "one")
    ssh = tmp_path / "ssh"
    ssh.write_text(SSH.format(folder=there))
    ssh.chmod(0o755)
    done = push(inside, "edge1:.", ssh=str(ssh))
    assert done.returncode == 0, done.stderr
    assert tree(there) == expected(inside)
