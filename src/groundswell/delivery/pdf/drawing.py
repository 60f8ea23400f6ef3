"""From data to a PDF, by typst. The data is never code, and the code reads nothing but its folder.

Each PDF is PDF/UA: it has a language, a reading order for screen readers, and no letter that is
drawn as an empty box, for typst refuses to write one.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import msgspec
import regex
import typst

SHEETS: Final = Path(__file__).parent / "sheets"
STANDARD: Final = "ua-1"
_UNDRAWN: Final = re.compile(r'the text `"(.*)"` could not be displayed', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_SYMBOLS: Final = frozenset({"So", "Sk", "Sm", "Sc", "Cn", "Co", "Me"})
_UPON: Final = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff\u20e3"
_REMEMBERED: Final = 10
_JOINS: Final = "\u200d\ufe0e\ufe0f"


class CannotDraw(Exception):
    """No font of this machine has these letters. `text` is what it is about."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"no font on this machine draws “{text[:20]}”; Debian's fonts-noto-core and "
            "fonts-noto-cjk have nearly every script"
        )


@cache
def fonts() -> typst.Fonts:
    """This machine's fonts and typst's own, looked for once."""
    return typst.Fonts()


def families(language: str) -> list[str]:
    """The fonts for a language, the best first, those only that are here."""
    there = set(fonts().families())
    cjk = _CJK.get(language) or _CJK.get(language.split("-", maxsplit=1)[0]) or _CJK["ja"]
    return [name for name in (*_FIRST, cjk, *_CJK.values()) if name in there]


def pdf(sheet: str, data: dict[str, Any], *, folder: Path = SHEETS) -> bytes:
    """The PDF of a sheet in `folder`. Raises CannotDraw for a script that no font here has.

    A symbol that no font has stands there by its name, in brackets.
    """
    unknown: set[str] = set()
    while True:
        try:
            made: bytes = _compile(sheet, data, folder, format="pdf", pdf_standards=STANDARD)
        except typst.TypstError as error:
            found = _undrawn(error, unknown)
            if not found:
                raise
            unknown |= found
            data = _walk(data, partial(_named, symbols=found))
        else:
            return made


def pngs(
    sheet: str, data: dict[str, Any], *, ppi: float = 96, folder: Path = SHEETS
) -> list[bytes]:
    """The pages as pictures. What no font here has becomes a box: `prove` the texts before."""
    drawn = _compile(sheet, data, folder, format="png", ppi=ppi)
    return [drawn] if isinstance(drawn, bytes) else drawn


def prove(texts: Iterable[str]) -> None:
    """See that every sign of these texts has a glyph here. Raises CannotDraw that names what lacks.

    Only a PDF says so, therefore one is made and thrown away.
    """
    try:
        _compile("proof", {"texts": list(texts)}, SHEETS, format="pdf", pdf_standards=STANDARD)
    except typst.TypstError as error:
        found = _UNDRAWN.search(error.message)
        if found is None:
            raise
        raise CannotDraw(_unescaped(found[1])) from error


def forget() -> None:
    """Let go of what typst remembers of large drawings: it keeps each for ten more, however small.

    Without this, memory grows by a part's size ten times over (PART in `print/pack.py`).
    """
    for _ in range(_REMEMBERED + 1):
        typst.compile(b"", font_paths=fonts(), format="pdf")


def _compile(sheet: str, data: dict[str, Any], folder: Path, **how: Any) -> Any:
    return typst.compile(
        folder / f"{sheet}.typ",
        root=folder,
        font_paths=fonts(),
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        # Nothing is imported from a package; nothing could be.
        package_path=folder / "none",
        package_cache_path=folder / "none",
        **how,
    )


def _undrawn(error: typst.TypstError, known: set[str]) -> set[str]:
    """The symbols the error is about, but those known. Raises CannotDraw when it is letters."""
    found = _UNDRAWN.search(error.message)
    if found is None:
        return set()
    text = _unescaped(found[1])
    symbols = {one for one in text if not one.isascii() and unicodedata.category(one) in _SYMBOLS}
    # Of a letter with a sign upon it, typst names the letter only.
    symbols = (symbols or set(_UPON)) - known
    if not symbols:
        raise CannotDraw(text) from error
    return symbols


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)


def _walk(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: _walk(value, change) for key, value in data.items()}
    return [_walk(value, change) for value in data] if isinstance(data, list) else data


def _named(text: str, symbols: set[str]) -> str:
    """The text with these symbols named; what only colours or joins them goes with them."""
    if symbols.isdisjoint(text):
        return text
    return "".join(
        one if symbols.isdisjoint(one) else "".join(map(_name, one))
        for one in regex.findall(r"\X", text)
    )


def _name(one: str) -> str:
    kind = unicodedata.category(one)
    if one in _JOINS or one in _UPON:
        return ""
    if kind not in _SYMBOLS:
        return one
    return f"[{unicodedata.name(one, f'U+{ord(one):04X}').lower()}]"


_FIRST: Final = (
    "Libertinus Serif",  # inside typst: Latin with Vietnamese, Greek, Cyrillic, Hebrew
    "Noto Serif",
    "Noto Serif Armenian",
    "Noto Naskh Arabic",
    "Noto Serif Hebrew",
    "Noto Serif Georgian",
    "Noto Serif Devanagari",
    "Noto Serif Bengali",
    "Noto Serif Tamil",
    "Noto Serif Thai",
    "Noto Serif Ethiopic",
    "Noto Serif Khmer",
)
_CJK: Final = {
    "ja": "Noto Serif CJK JP",
    "zh": "Noto Serif CJK SC",
    "zh-hant": "Noto Serif CJK TC",
    "zh-hk": "Noto Serif CJK HK",
    "ko": "Noto Serif CJK KR",
}
