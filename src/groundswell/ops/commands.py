"""Every command: what is typed, its line of help, and the function that does it.

A command's target is imported only when it is called: `groundswell intake` must never load Django.
"""

import argparse
import importlib
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, cast


class Argument(NamedTuple):
    """One argument of a command, in argparse's words."""

    name: str
    options: dict[str, Any]


class Command(NamedTuple):
    """What is typed, one line of help, and the function that does it."""

    name: str
    help: str
    target: str
    arguments: tuple[Argument, ...] = ()


def _argument(name: str, text: str, **options: Any) -> Argument:
    return Argument(name, {"help": text, **options})


_PURPOSE: Final = _argument(
    "purpose", "which key", choices=["seal", "link", "data", "index", "session", "rehearsal"]
)


def _file(name: str, text: str) -> Argument:
    return _argument(name, text, default="", metavar="PATH")


_PASSPHRASE: Final = _file("--passphrase", "a file that holds the passphrase; unset: asks for it")

_REHEARSE: Final = (
    _argument("scenario", "its name, or a .toml file", nargs="?", default="two-networks"),
    _argument(
        "--messenger",
        "a name of the roster, whose followers make the scenario; may be given again",
        action="append",
        default=[],
        metavar="NAME",
    ),
    _argument("--target", "where, if not this machine's own door; must be allowed", default=""),
    _argument("--page", "path of the action page; else the first open one", default=""),
    _argument("--minutes", "how long the surge is played (0.5)", type=float),
    _argument("--compress", "or how many times faster than in life; 1 is real time", type=float),
    _argument("--scale", "times the scenario's rates", type=float, default=1.0),
    _argument("--processes", "how many play; 0 for half of the cores", type=int, default=0),
    _argument("--gentle", "do not go on to where it breaks", action="store_true"),
    _argument("--report", "folder for the report", default=""),
    _argument(
        "--signed", "file with a pass from `rehearse pass`, away from the database", default=""
    ),
)

COMMANDS: Final = (
    Command("demo", "start everything here with an invented campaign", "ops.demo:run"),
    Command("up", "start intake, core and studio, and keep them running", "ops.up:run"),
    Command("intake", "run the public door alone", "ops.serve:intake"),
    Command("core", "run the loops behind it alone", "ops.serve:core"),
    Command("studio", "run the organisers' web alone", "ops.serve:studio"),
    Command("ferry", "hand this machine's journal to a core on another", "ops.serve:ferry"),
    Command("voice", "lead supporters through calls Twilio makes", "ops.serve:voice"),
    Command("sink", "run a mail server that only shows what it gets", "ops.sink:run"),
    Command("prepare", "make or upgrade the database and the folders", "ops.prepare:run"),
    Command("keys init", "make the key files that are missing", "ops.keys:init"),
    Command(
        "keys rotate", "put a fresh key first; old ones still open", "ops.keys:rotate", (_PURPOSE,)
    ),
    Command("keys reseal", "seal all rows to the current data key", "ops.keys:reseal"),
    Command("keys reindex", "index all rows with the current index key", "ops.keys:reindex"),
    Command(
        "keys retire",
        "forget all keys but the current one",
        "ops.keys:retire",
        (_PURPOSE, _argument("--sure", "even if that loses something", action="store_true")),
    ),
    Command(
        "organiser create",
        "make an account for an organiser",
        "ops.organisers:create",
        (
            _argument("username", "the name to log in with"),
            _argument("--email", "where to reach them", default=""),
            _argument(
                "--role",
                "what they may do",
                default="administrator",
                choices=["administrator", "campaigner", "moderator"],
            ),
        ),
    ),
    Command(
        "organiser password",
        "give an organiser a new password",
        "ops.organisers:password",
        (_argument("username", "the name they log in with"),),
    ),
    Command(
        "doctor",
        "find what is wrong here, and say what mends it",
        "ops.doctor.command:run",
        (
            _argument(
                "--role",
                "what runs on this host",
                default="guess",
                choices=["guess", "all", "intake", "core", "studio"],
            ),
            _argument("--json", "for programs", action="store_true"),
        ),
    ),
    Command(
        "backup keys",
        "seal the keys into one file with a passphrase",
        "ops.backup.keyfile:save",
        (_argument("file", "a new file, to be kept apart from the backups"), _PASSPHRASE),
    ),
    Command(
        "backup",
        "copy everything but the keys, while all runs",
        "ops.backup.command:run",
        (
            _argument("destination", "a folder for backups, on another disk"),
            _argument(
                "--keep",
                "afterwards delete all but the newest (0: none)",
                type=int,
                default=0,
                metavar="NUMBER",
            ),
            _argument("--check", "only check the backup named instead", action="store_true"),
        ),
    ),
    Command(
        "restore keys",
        "put sealed keys back in their place",
        "ops.backup.keyfile:restore",
        (_argument("file", "made by `groundswell backup keys`"), _PASSPHRASE),
    ),
    Command(
        "restore",
        "bring an installation back from a backup",
        "ops.backup.restore:run",
        (
            _argument("backup", "one backup: the folder with a manifest.json"),
            _file("--keys", "its keys, sealed by `groundswell backup keys`"),
            _PASSPHRASE,
            _file("--journal", "also what was left of the journal folder"),
            _file("--leavers", "also this list of who has left (leaving.log)"),
            _argument("--replace", "move what is there aside first", action="store_true"),
            _argument("--keyless", "even without keys: nobody's name opens", action="store_true"),
        ),
    ),
    Command(
        "directory load",
        "load decision makers that ship with Groundswell",
        "ops.directory:load",
        (
            _argument("source", "us_congress, us_states, us_executive, us_zip, offices or all"),
            _argument("--replace", "even if most of what is there ends", action="store_true"),
        ),
    ),
    Command(
        "directory import",
        "import decision makers from a CSV or Popolo JSON file",
        "ops.directory:take_in",
        (
            _argument("file", "a target CSV or Popolo JSON"),
            _argument(
                "--source", "the list's name; the same again is its next edition", default=""
            ),
            _argument("--licence", "what may be done with it", default=""),
            _argument("--dry-run", "only say what would change", action="store_true"),
            _argument("--replace", "even if most of what is there ends", action="store_true"),
            _argument("--starts", "hold from this day on, not from today", default=""),
            _file("--refused", "write the refused rows there, with what is wrong"),
        ),
    ),
    Command(
        "directory undo",
        "take an edition back: what held before it holds again",
        "ops.directory:undo",
        (_argument("edition", "its number, as `directory list` shows it", type=int),),
    ),
    Command("directory list", "list the editions that were loaded", "ops.directory:listing"),
    Command(
        "directory stale",
        "count decision makers that nobody has checked for long",
        "ops.directory:stale",
        (_argument("--days", "for how many days (90)", type=int, default=90),),
    ),
    Command(
        "directory export",
        "write decision makers as Popolo JSON",
        "ops.directory:export",
        (_argument("--source", "only those of this source", default=""),),
    ),
    Command(
        "directory refresh",
        "fetch decision makers or postcodes anew from where they come from",
        "ops.refresh:run",
        (
            _argument("source", "which; unset: lists them", nargs="?", default=""),
            _argument("--country", "two letters, for sources that need it", default=""),
            _argument("--mirror", "ask there instead, same paths", default="", metavar="URL"),
            _argument("--dry-run", "only say what would change", action="store_true"),
            _argument("--anyway", "even if much of it is missing", action="store_true"),
        ),
    ),
    Command("letters go", "send what a restored backup held back", "ops.letters:go"),
    Command("letters drop", "give up what a restored backup held back", "ops.letters:drop"),
    Command(
        "letters recheck",
        "make letters that were confirmed but never made",
        "ops.letters:recheck",
    ),
    Command(
        "letters pack",
        "bind one target's letters into a pack to hand over",
        "ops.letter_pack:write",
        (
            _argument("page", "the page's key, as in its delivery report's address"),
            _argument("target", "the decision maker's key, e.g. us/S000001"),
            _argument("folder", "where the pack is put"),
        ),
    ),
    Command("letters", "show how many letters are in which state", "ops.letters:show"),
    Command(
        "cwc validate",
        "check a message for Congress by our rules, or write a sample",
        "ops.cwc:validate",
        (
            _argument("file", "the message's XML", nargs="?", default=""),
            _argument("--sample", "write an invented message instead", action="store_true"),
        ),
    ),
    Command("publish", "write every public page again", "ops.care:publish"),
    Command("quarantine reinject", "try again what could not be read", "ops.care:reinject"),
    Command("quarantine", "list what could not be read", "ops.care:quarantine"),
    Command(
        "recount",
        "compare every sum with the rows",
        "ops.care:recount",
        (_argument("--repair", "and set right what is wrong", action="store_true"),),
    ),
    Command("rehearse list", "list the scenarios with their sources", "ops.rehearse:listing"),
    Command(
        "rehearse clear",
        "remove what rehearsals have stored",
        "ops.rehearse:clear",
        (_argument("run", "only that of this one", nargs="?", default=""),),
    ),
    Command(
        "rehearse pass",
        "sign a pass for a rehearsal from another machine",
        "ops.rehearse:issue",
    ),
    Command(
        "rehearse check",
        "see whether all that one was told has arrived",
        "ops.rehearse:check",
        (_argument("file", "its ids.json"),),
    ),
    Command(
        "rehearse",
        "play a surge against this installation, and say what it bears",
        "ops.rehearse:run",
        _REHEARSE,
    ),
    Command("settings", "show the settings in effect, secrets hidden", "ops.describe:settings"),
    Command("version", "show the version", "ops.describe:version"),
    Command(
        "docs",
        "renew the generated pages in docs/ (for developers)",
        "ops.documents:write",
        (_argument("--check", "only say which are stale", action="store_true"),),
    ),
)


def find(words: Sequence[str]) -> Command | None:
    """The command that the first words name."""
    for command in COMMANDS:
        name = command.name.split()
        if list(words[: len(name)]) == name:
            return command
    return None


def parser(command: Command) -> argparse.ArgumentParser:
    """The parser of one command's own arguments."""
    made = argparse.ArgumentParser(
        prog=f"groundswell {command.name}", description=_sentence(command.help), allow_abbrev=False
    )
    for argument in command.arguments:
        made.add_argument(argument.name, **argument.options)
    return made


def overview() -> str:
    """What `groundswell --help` prints: every command on a line of its own."""
    width = max(len(command.name) for command in COMMANDS)
    lines = [f"  {command.name:<{width}}  {command.help}" for command in COMMANDS]
    return "\n".join(
        [
            "usage: groundswell COMMAND [ARGUMENTS]",
            "",
            *lines,
            "",
            "`groundswell COMMAND --help` says more. Settings come from the environment:",
            "`groundswell settings` shows them, docs/settings.md explains them.",
        ]
    )


def target(command: Command) -> Callable[..., int | None]:
    """The function that does a command's work, imported now."""
    module, _, function = command.target.partition(":")
    found = getattr(importlib.import_module(f"groundswell.{module}"), function)
    return cast("Callable[..., int | None]", found)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
