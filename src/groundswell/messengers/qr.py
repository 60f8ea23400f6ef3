"""QR codes of tracked links, for screens and for paper."""

import io
from typing import Any, Final

import segno

# About a seventh of it may be torn or covered: these hang in the street.
ERRORS: Final = "q"
QUIET_MODULES: Final = 4
PAPER_POINTS: Final = 170  # 60 mm, read from an arm's length and more
PNG_PIXELS: Final = 1200
PRINT_PIXELS: Final = 4000
PRINT_DPI: Final = 600


def svg(text: str) -> bytes:
    """A drawing of any size, as wide as whatever shows it."""
    return _saved(text, kind="svg", xmldecl=False, omitsize=True, svgclass=None, lineclass=None)


def png(text: str, *, pixels: int = PNG_PIXELS, dpi: int | None = None) -> bytes:
    """A square picture of at least `pixels`. Its modules are whole pixels, so edges are sharp."""
    scale = -(-pixels // _width(text))
    return _saved(text, kind="png", scale=scale, dpi=dpi)


def pdf(text: str) -> bytes:
    """A sheet of 60 by 60 mm, drawn in lines: a printer may make it as large as a house."""
    return _saved(text, kind="pdf", scale=PAPER_POINTS / _width(text))


def _width(text: str) -> int:
    return int(_code(text).symbol_size(border=QUIET_MODULES)[0])


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error=ERRORS)


def _saved(text: str, **how: Any) -> bytes:
    out = io.BytesIO()
    _code(text).save(out, border=QUIET_MODULES, **how)
    return out.getvalue()
