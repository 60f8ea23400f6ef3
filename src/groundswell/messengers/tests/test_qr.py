"""QR codes: drawn for screens and paper, and read back by counting their modules."""

import io

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from groundswell.messengers import qr

LINK = "https://example.org/k/x7p2"


def width() -> int:
    """How many modules wide the code is, with its quiet zone."""
    return int(segno.make_qr(LINK, error=qr.ERRORS).symbol_size(border=qr.QUIET_MODULES)[0])


def modules(picture: Image.Image) -> list[list[bool]]:
    """A picture's dark modules, without the quiet zone."""
    size = width()
    step = picture.width // size
    grey = picture.convert("L")
    inside = range(qr.QUIET_MODULES, size - qr.QUIET_MODULES)
    return [
        [grey.getpixel((x * step + step // 2, y * step + step // 2)) < 128 for x in inside]  # type: ignore[operator]
        for y in inside
    ]


@pytest.mark.parametrize(("pixels", "dpi"), [(qr.PNG_PIXELS, None), (qr.PRINT_PIXELS, 600)])
def test_it_draws_a_picture_that_is_sharp(pixels: int, dpi: int | None) -> None:
    picture = Image.open(io.BytesIO(qr.png(LINK, pixels=pixels, dpi=dpi)))
    assert picture.width == picture.height >= pixels
    wanted = [[bool(one) for one in row] for row in segno.make_qr(LINK, error=qr.ERRORS).matrix]
    assert modules(picture) == wanted
    assert dpi is None or round(picture.info["dpi"][0]) == dpi


def test_it_keeps_a_quiet_zone() -> None:
    picture = Image.open(io.BytesIO(qr.png(LINK))).convert("L")
    edge = picture.width // width() * qr.QUIET_MODULES
    assert picture.crop((0, 0, picture.width, edge)).getextrema() == (255, 255)


def test_it_draws_lines_without_a_size() -> None:
    drawing = qr.svg(LINK).decode()
    assert "viewBox" in drawing
    assert "width=" not in drawing.partition(">")[0]


def test_it_draws_a_sheet_for_print() -> None:
    box = PdfReader(io.BytesIO(qr.pdf(LINK))).pages[0].mediabox
    assert float(box.width) == pytest.approx(qr.PAPER_POINTS, abs=1)
