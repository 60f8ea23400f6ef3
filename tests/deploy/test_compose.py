"""The containers' files, as far as they can be checked without an engine: it starts none here."""

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from groundswell.base import env
from groundswell.ops import commands
from tests.deploy.front import DEPLOY

ROOT: Final = DEPLOY.parent
FILES: Final = sorted((DEPLOY / "compose").glob("*.yaml"))
DOCKERFILE: Final = (DEPLOY / "compose/Dockerfile").read_text()
OURS: Final = ("groundswell", "groundswell-door")


def services(file: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text())["services"]
    return {name: one for name, one in found.items() if one["image"] in OURS}


EACH: Final = [
    pytest.param(file, name, one, id=f"{file.stem}-{name}")
    for file in FILES
    for name, one in services(file).items()
]


@pytest.mark.parametrize(("file", "name", "service"), EACH)
def test_it_runs_a_command_with_settings_that_exist(
    file: Path, name: str, service: dict[str, Any]
) -> None:
    assert commands.find(service["command"])
    values = {key: value for key, value in service["environment"].items() if "_FILE" not in key}
    assert all(isinstance(value, str) for value in values.values()), "YAML's own true is no text"
    env.read(values)
    known = {row[0] for row in env.describe()}
    files = set(service["environment"]) - set(values)
    assert {key.removesuffix("_FILE") for key in files} <= known
    secrets = {service["environment"][key].removeprefix("/run/secrets/") for key in files}
    assert secrets <= set(service.get("secrets", []))
    assert secrets <= set(yaml.safe_load(file.read_text()).get("secrets", {}))


@pytest.mark.parametrize(("file", "name", "service"), EACH)
def test_it_leaves_a_container_little_to_harm(
    file: Path, name: str, service: dict[str, Any]
) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"]["core"] == 0
    assert service["logging"]["options"]["max-size"]
    if "profiles" not in service:
        assert service["mem_limit"] == service["memswap_limit"], "no swap"
        assert service["pids_limit"]


def test_it_gives_the_door_nothing_to_open_with() -> None:
    for file in FILES:
        for name in {"intake", "ferry"} & set(services(file)):
            door = services(file)[name]
            mounted = {volume.split(":")[1] for volume in door["volumes"]}
            assert mounted <= {
                "/var/lib/groundswell/site",
                "/var/lib/groundswell/keys/public",
                "/var/lib/groundswell/journal",
                "/var/lib/groundswell/log",
            }
            assert door["image"] == "groundswell-door"
            assert "back" not in door["networks"]
            secret = {row[0] for row in env.describe() if row[3]} - {"GROUNDSWELL_FERRY_TOKEN"}
            assert not secret & {key.removesuffix("_FILE") for key in door["environment"]}


def test_it_copies_into_the_images_what_is_there_and_not_ignored() -> None:
    wanted = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = {name for line in wanted for name in line.split()}
    assert all((ROOT / name).exists() for name in names)
    kept = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert names == set(kept)
    for lock in re.findall(r"requirements/\w+\.lock", DOCKERFILE):
        assert (ROOT / lock).exists()
    assert DOCKERFILE.count("\nUSER 1000") == 2, "neither image runs as root"


def packages(lock: str) -> dict[str, str]:
    """Name and version of all that a lock file holds."""
    text = (ROOT / "requirements" / lock).read_text()
    return dict(re.findall(r"^([a-z0-9_.-]+)==([^ ;\\]+)", text, re.MULTILINE))


def others(door: set[str]) -> list[str]:
    """The top-level names of all that is installed here and is not the door's."""
    return [
        name
        for name, providers in metadata.packages_distributions().items()
        if not {one.lower().replace("_", "-") for one in providers} & (door | {"groundswell"})
    ]


DOOR: Final = """
import importlib.abc, json, sys
class Blocked(importlib.abc.MetaPathFinder):
    names = set(json.loads(sys.argv[1]))
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Blocked())
import groundswell.cli, groundswell.ops.serve, groundswell.ops.describe
import groundswell.intake.server, groundswell.intake.ferry
"""


def runs_with(names: set[str]) -> bool:
    """Whether the door starts where only these packages are installed."""
    done = subprocess.run(
        [sys.executable, "-c", DOOR, json.dumps(others(names))], check=False, capture_output=True
    )
    return done.returncode == 0


def test_it_gives_the_door_what_it_needs_and_no_driver() -> None:
    door = packages("door.lock")
    assert runs_with(set(door))
    assert not runs_with(set(door) - {"granian"}), "a check that sees what is missing"
    assert not {"django", "psycopg", "psycopg-binary", "pysqlite3", "wagtail"} & set(door)
    assert door.items() <= packages("run.lock").items(), "what is tested is what runs"
