"""Words in other languages, and Wagtail's in ours, made ready for use.

`locale/` has what supporters read; `words/` says in a campaigner's English what Wagtail says in its
own.
"""

import os
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from groundswell.base import modes

FOLDER: Final = Path(__file__).parent / "locale"
WORDS: Final = Path(__file__).parent / "words"


def compile() -> list[Path]:  # noqa: A001  the word for it
    """Make the .mo file of each catalogue that is newer than its own; returns those made."""
    sources = [
        file for folder in (FOLDER, WORDS) for file in sorted(folder.glob("*/LC_MESSAGES/*.po"))
    ]
    return [made for source in sources if (made := _made(source))]


def _made(source: Path) -> Path | None:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return None
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name)
    # Several processes may start at once; each must find a whole file.
    draft = target.with_suffix(f".{os.getpid()}.new")
    with draft.open("wb") as out:
        write_mo(out, catalogue)
    draft.chmod(modes.SHARED_FILE)  # a part of the program, whoever runs it
    draft.replace(target)
    return target
