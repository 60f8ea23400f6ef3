"""The command line: every command can be found, explained and refused in one line."""

import subprocess
import sys
from pathlib import Path

import pytest

from groundswell.base import env
from groundswell.ops import commands
from tests.support.data_folder import FOLDER


def run(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": "/usr/bin:/bin", "GROUNDSWELL_VAR": str(FOLDER), **settings}
    return subprocess.run(
        [sys.executable, "-m", "groundswell", *words],
        env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", commands.COMMANDS, ids=lambda command: command.name)
def test_it_has_a_function_and_a_help_line_for(command: commands.Command) -> None:
    function = commands.target(command)
    assert callable(function)
    assert function.__doc__
    assert f"  {command.name} " in commands.overview()
    assert commands.find(command.name.split()) == command
    asked = {argument.name.lstrip("-").replace("-", "_") for argument in command.arguments}
    taken = function.__code__.co_varnames[: function.__code__.co_kwonlyargcount]
    assert asked <= set(taken)


def test_it_shows_every_command_on_one_line() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    assert all(len(line) <= 100 for line in shown.stdout.splitlines())
    assert shown.stdout.strip() == commands.overview()


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        (["fly"], {}, "there is no command `fly`"),
        (["intake"], {"GROUNDSWELL_PUBLIC_PORT": "many"}, "GROUNDSWELL_PUBLIC_PORT"),
        (["up"], {"GROUNDSWELL_COLOUR": "green"}, "GROUNDSWELL_COLOUR is not a setting"),
        (["intake"], {"GROUNDSWELL_VAR": "/nowhere"}, "run `groundswell keys init`"),
        (["core"], {"GROUNDSWELL_VAR": "/nowhere"}, "run `groundswell keys init`"),
        (["up"], {"GROUNDSWELL_VAR": "/nowhere"}, "run `groundswell keys init`"),
    ],
)
def test_it_says_in_a_line_what_is_wrong(
    words: list[str], settings: dict[str, str], said: str
) -> None:
    refused = run(*words, **settings)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert len(refused.stderr.strip().splitlines()) <= 2


def test_it_hides_secrets_when_it_shows_the_settings(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("correct horse\n")
    shown = run(
        "settings",
        GROUNDSWELL_SMTP_PASSWORD_FILE=str(secret),
        GROUNDSWELL_DATABASE="postgresql://me:battery@db/gw",
    )
    assert shown.returncode == 0
    assert "horse" not in shown.stdout
    assert "battery" not in shown.stdout
    assert all(name in shown.stdout for name, *_ in env.describe())


def test_it_names_the_setting_when_the_database_does_not_answer() -> None:
    refused = run("core", GROUNDSWELL_DATABASE="postgresql://me:pw@127.0.0.1:1/gw")
    assert refused.returncode == 2
    assert "GROUNDSWELL_DATABASE does not answer" in refused.stderr
    assert "pw" not in refused.stderr.replace("groundswell", "")
