"""The pages of docs/ that are made from the code: settings, commands, error codes."""

import importlib
from pathlib import Path
from typing import Final

from groundswell.base import env, errors
from groundswell.base.errors import Trouble
from groundswell.ops import commands

_ROOT: Final = Path(__file__).parents[3]
_MADE: Final = "<!-- Made by `groundswell docs`; change the code instead. -->"


def write(*, check: bool) -> int:
    """Write the generated pages; with `check`, only say which are stale (exit code 1)."""
    folder = _ROOT / "docs"
    if not folder.is_dir():
        raise Trouble("there is no docs/ here: this command is for a checkout of the source")
    stale = [name for name, text in pages().items() if _read(folder / name) != text]
    for name in stale:
        if check:
            print(f"docs/{name} is stale: run `make fix`")
        else:
            (folder / name).write_text(pages()[name], encoding="utf-8")
            print(f"docs/{name} written")
    return int(check and bool(stale))


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    return {"settings.md": _settings(), "cli.md": _commands(), "errors.md": _errors()}


def _settings() -> str:
    rows = [
        f"| `{name}` | {_code(default)} | {text}{' *Secret.*' if secret else ''} |"
        for name, default, text, secret in env.describe()
    ]
    return _page(
        "Settings",
        "Each is read from the environment when a process starts. A wrong value stops it, with a "
        "line that names the setting. For any of them, the same name with `_FILE` behind it may "
        "name a file that holds the value: use that for the secret ones.",
        "| Setting | If unset | What it is |\n|---|---|---|\n" + "\n".join(rows),
    )


def _commands() -> str:
    parts = [f"```\n{commands.overview()}\n```"]
    for command in commands.COMMANDS:
        if command.arguments:
            text = commands.parser(command).format_help().strip()
            parts.append(f"## {command.name}\n\n```\n{text}\n```")
    return _page(
        "Commands",
        "Exit codes: 0 for done, 1 for a check that found something, 2 when something is set up "
        "wrong; then one line says what, and what helps.",
        "\n\n".join(parts),
    )


def _errors() -> str:
    # By name: the words need Django, if only a little of it; the command line must not.
    from django.conf import settings  # noqa: PLC0415

    if not settings.configured:
        settings.configure(USE_I18N=False)
    words = importlib.import_module("groundswell.campaigns.words")
    return _page(
        "Error codes",
        "What the public door says when it refuses, in JSON "
        '(`{"error": {"code", "message", "fields": [{"field", "code", "message"}], '
        '"retry_after"}}`) and, without JavaScript, on the page itself. Programs may rely on the '
        "codes; the words are translated and may change.",
        "## Of a whole request\n\n"
        + _table(errors.REQUEST_CODES, words.REQUEST_WORDS)
        + "\n\n## Of one field\n\n"
        + _table(errors.FIELD_CODES, words.FIELD_WORDS),
    )


def _table(codes: tuple[str, ...], words: dict[str, str]) -> str:
    rows = [f"| `{code}` | {words[code]} |" for code in codes]
    return "| Code | Words |\n|---|---|\n" + "\n".join(rows)


def _page(title: str, opening: str, body: str) -> str:
    return f"# {title}\n\n{_MADE}\n\n{opening}\n\n{body}\n"


def _code(default: str) -> str:
    return f"`{default}`" if default else ""


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
