"""The units and the files beside them: systemd takes them, and what they name exists."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from groundswell.base import env, keyring
from groundswell.ops import commands
from tests.deploy.front import DEPLOY, needs

UNITS: Final = sorted((DEPLOY / "systemd").glob("groundswell*.*"))
SERVICES: Final = [unit for unit in UNITS if unit.suffix == ".service"]
ENVIRONMENTS: Final = sorted(DEPLOY.glob("*.env"))
# Of ten, as systemd counts what a unit leaves open.
MOST_EXPOSED: Final = 2.0


def name(path: Path) -> str:
    return path.name


def copies(folder: Path, **changes: str) -> list[str]:
    """The units with programs that exist here, in a folder of their own."""
    for unit in UNITS:
        text = re.sub(
            r"/opt/groundswell/\S+", shutil.which("true") or "/bin/true", unit.read_text()
        )
        for old, new in changes.items():
            text = text.replace(old, new)
        (folder / unit.name).write_text(text)
    return [str(folder / unit.name) for unit in UNITS]


def verified(*units: str) -> str:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if done.returncode == 0 and not done.stderr else done.stderr or "failed"


@needs("systemd-analyze")
def test_it_gives_systemd_units_it_takes(tmp_path: Path) -> None:
    assert verified(*copies(tmp_path)) == ""


@needs("systemd-analyze")
def test_it_would_see_a_wrong_unit(tmp_path: Path) -> None:
    assert "NoSuchThing" in verified(*copies(tmp_path, NoNewPrivileges="NoSuchThing"))


def exposure(unit: Path) -> float:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(unit)],
        capture_output=True, text=True, check=False, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    return float(found[1])


@needs("systemd-analyze")
@pytest.mark.parametrize("unit", SERVICES, ids=name)
def test_it_leaves_a_service_little_to_harm(unit: Path, tmp_path: Path) -> None:
    copies(tmp_path)
    assert exposure(tmp_path / unit.name) <= MOST_EXPOSED


@needs("systemd-analyze")
def test_it_would_see_an_open_service(tmp_path: Path) -> None:
    copies(tmp_path, SystemCallFilter="#", Protect="#", Private="#")
    assert exposure(tmp_path / "groundswell-intake.service") > MOST_EXPOSED


@pytest.mark.parametrize("unit", SERVICES, ids=name)
def test_it_starts_what_exists_with_what_exists(unit: Path) -> None:
    text = unit.read_text()
    for line in re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE):
        program, *words = line.split()
        if program == "/opt/groundswell/.venv/bin/groundswell":
            assert commands.find(words), line
        else:
            assert (DEPLOY.parent / program.removeprefix("/opt/groundswell/")).exists(), line
    for file in re.findall(r"^EnvironmentFile=-?/etc/groundswell/(.+)$", text, re.MULTILINE):
        assert (DEPLOY / file).exists()
    for setting in re.findall(r"^Environment=(GROUNDSWELL_\w+)=", text, re.MULTILINE):
        assert setting.removesuffix("_FILE") in {row[0] for row in env.describe()}


@pytest.mark.parametrize("unit", SERVICES, ids=name)
def test_it_keeps_what_people_typed_off_the_disk(unit: Path) -> None:
    text = unit.read_text()
    assert "LimitCORE=0" in text
    if "push" not in unit.name:
        assert "MemorySwapMax=0" in text


def settings_of(file: Path, *, commented: bool) -> dict[str, str]:
    """The settings of an environment file, with those that are only shown if wanted."""
    found = {}
    for line in file.read_text().splitlines():
        bare = line.removeprefix("# ") if commented else line
        if re.match(r"GROUNDSWELL_\w+=", bare):
            key, _, value = bare.partition("=")
            found[key] = " ".join(shlex.split(value))
    return found


@pytest.mark.parametrize("commented", [False, True])
@pytest.mark.parametrize("file", ENVIRONMENTS, ids=name)
def test_it_names_only_settings_that_exist_and_values_that_do(file: Path, commented: bool) -> None:
    values = settings_of(file, commented=commented)
    files = {key for key in values if key.endswith("_FILE")}
    known = {row[0] for row in env.describe()}
    assert {key.removesuffix("_FILE") for key in files} <= known
    env.read({key: value for key, value in values.items() if key not in files})


def test_it_gives_the_door_no_secret() -> None:
    secret = {row[0] for row in env.describe() if row[3]}
    for file in ("groundswell.env", "intake.env"):
        named = {key.removesuffix("_FILE") for key in settings_of(DEPLOY / file, commented=True)}
        assert not named & secret
    intake = (DEPLOY / "systemd/groundswell-intake.service").read_text()
    assert "core.env" not in intake
    assert "User=groundswell-door\n" in intake
    hidden = set(re.findall(r"-/var/lib/groundswell/(keys/\w+)", intake))
    assert hidden == {f"keys/{folder}" for folder in keyring._FOLDERS.values()}
