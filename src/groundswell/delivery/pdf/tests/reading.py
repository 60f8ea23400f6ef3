"""What a PDF says, and where on the sheet it says it."""

import io
from typing import Any

from pypdf import PdfReader

MM = 72 / 25.4


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def pieces(pdf: bytes, page: int = 0) -> list[tuple[str, float, float]]:
    """(text, mm from the left, mm from the top) of each run of text on a page."""
    sheet = PdfReader(io.BytesIO(pdf)).pages[page]
    height = float(sheet.mediabox.height)
    found: list[tuple[str, float, float]] = []

    def seen(text: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x / MM, (height - y) / MM))

    sheet.extract_text(visitor_text=seen)
    return found


def where(pdf: bytes, text: str) -> tuple[float, float]:
    """Where on the first page the text begins, in mm from its left and top."""
    return next((x, y) for said, x, y in pieces(pdf) if text in said)
