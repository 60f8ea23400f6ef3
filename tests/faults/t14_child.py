"""An installation's commands with a pause in their middle: `t14_child campaign|backup …`."""

import importlib
import sys
from typing import Any

import django

django.setup()

from groundswell.ops import prepare  # noqa: E402  after the set-up
from groundswell.ops.backup import command  # noqa: E402


def main(words: list[str]) -> None:
    """Publish a campaign; or back up with a pause between the journal and the database."""
    if words[0] == "campaign":
        prepare.run()
        importlib.import_module("groundswell.ops.demo_content").load()
        return
    journal, database = command._journal, command._database

    def journal_first(*args: Any) -> None:
        journal(*args)
        _pause()

    def database_first(made: Any, settings: Any) -> Any:
        counts = database(made, settings)
        _pause()
        journal(made, settings.path("journal"))
        return counts

    backwards = words[2] == "backwards"
    steps: Any = command
    steps._journal = (lambda *_: None) if backwards else journal_first
    if backwards:
        steps._database = database_first
    command.run(destination=words[1], keep=0, check=False)


def _pause() -> None:
    print("between", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(sys.argv[1:])
