"""The `groundswell` command: finds what was asked for in the table, runs it, says what is wrong."""

import os
import sys
from collections.abc import Sequence

from groundswell.base import modes
from groundswell.base.env import SettingError
from groundswell.base.errors import Trouble
from groundswell.base.keyring import KeyFileError
from groundswell.ops.commands import find, overview, parser, target


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. 2: something is set up wrong, and one line said what."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help", "help"}:
        print(overview())
        return 0
    command = find(words)
    if command is None:
        print(f"groundswell: there is no command {_quote(words)}", file=sys.stderr)
        print("`groundswell --help` shows them all.", file=sys.stderr)
        return 2
    options = vars(parser(command).parse_args(words[len(command.name.split()) :]))
    os.umask(modes.PRIVATE_UMASK)
    try:
        return target(command)(**options) or 0
    except (SettingError, KeyFileError, Trouble) as error:
        print(f"groundswell: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more may be written at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _quote(words: list[str]) -> str:
    return "`" + " ".join(words[:2]) + "`"
