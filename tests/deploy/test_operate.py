"""What docs/operate.md and docs/cdn.md tell an operator to do can be done."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from groundswell.base import env
from tests.deploy.front import DEPLOY
from tests.deploy.test_systemd import settings_of

ROOT: Final = DEPLOY.parent
PAGES: Final = [ROOT / "docs/operate.md", ROOT / "docs/cdn.md", ROOT / "docs/formats/ferry.md"]
SCRIPTS: Final = [DEPLOY / "push-site", DEPLOY / "groundswell"]


def name(path: Path) -> str:
    return path.name


def lines(page: Path) -> list[str]:
    """The lines of shell on a page."""
    return re.findall(r"^    (\S.*)$", page.read_text(), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_it_names_files_that_are_shipped(page: Path) -> None:
    named = set(re.findall(r"(?<![\w/])deploy/[\w./-]*[\w]", page.read_text()))
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_it_names_settings_that_exist(page: Path) -> None:
    known = {row[0] for row in env.describe()}
    named = set(re.findall(r"\bGROUNDSWELL_[A-Z_]+[A-Z]\b", page.read_text()))
    assert {one.removesuffix("_FILE") for one in named} <= known


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_it_names_numbers_that_are_published(page: Path) -> None:
    named = set(re.findall(r"`groundswell_([a-z_]+)", page.read_text()))
    code = "".join(path.read_text() for path in (ROOT / "src/groundswell/intake").glob("*.py"))
    # Some are put together: a common beginning and a name.
    assert [one for one in sorted(named) if one not in code] == []


def test_it_installs_what_is_there_where_it_is_looked_for() -> None:
    found = [line for line in lines(PAGES[0]) if line.startswith("install ")]
    assert len(found) > 8
    for line in found:
        words = [word for word in shlex.split(line, comments=True)[1:] if "deploy/" in word]
        for word in words:
            assert (ROOT / word).exists(), line
    places = {shlex.split(line, comments=True)[-1] for line in found}
    assert {"/etc/systemd/system/", "/etc/nginx/", "/etc/groundswell/"} <= places


def test_it_installs_every_unit_that_it_enables() -> None:
    text = "\n".join(lines(PAGES[0]))
    enabled = set(re.findall(r"\bgroundswell[\w.-]*", " ".join(
        line for line in lines(PAGES[0]) if line.startswith("systemctl enable")
    )))  # fmt: skip
    assert len(enabled) >= 6
    for unit in enabled:
        file = unit if "." in unit else f"{unit}.service"
        assert f"deploy/systemd/{file}" in text


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_it_ships_scripts_that_a_shell_reads(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["sh", "-n", str(script)], check=True)


def test_it_runs_a_command_with_the_settings_of_the_installation(tmp_path: Path) -> None:
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        account = {"user": 65534, "group": 65534, "extra_groups": []}
    wanted = {
        key: value
        for file in ("groundswell.env", "core.env")
        for key, value in settings_of(DEPLOY / file, commented=False).items()
    }
    done = subprocess.run(
        ["sh", "-s"], input=(DEPLOY / "groundswell").read_text(), text=True, check=True,
        capture_output=True, env={"PATH": os.environ["PATH"], "ETC": str(DEPLOY),
                                  "PROGRAM": "/usr/bin/env"}, **account,
    )  # fmt: skip
    shown = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    assert {key: value for key, value in shown.items() if key in wanted} == wanted
