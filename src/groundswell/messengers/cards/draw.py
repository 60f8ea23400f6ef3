"""From a sheet and its data to a picture of exactly so many pixels, small enough for networks."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import typst
from PIL import Image

from groundswell.delivery.pdf import drawing

SHEETS: Final = Path(__file__).parent / "sheets"
# WhatsApp shows no picture above 300 kB; others are more patient.
MOST_BYTES: Final = 280_000
_PPI: Final = 72  # a typst point is then one pixel
_COLOURS: Final = 256
_TOO_LONG: Final = re.compile(r"too long: (\w+)")


class DoesNotFit(Exception):
    """A text is too long for its room even at the smallest size. `field` is headline or line."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"the {field} is too long for this card")


def png(
    sheet: str, data: dict[str, Any], width: int, height: int, *, folder: Path = SHEETS
) -> bytes:
    """A sheet as a PNG of width × height pixels: `folder` has it as `<sheet>.typ`, sized in points.

    Raises drawing.CannotDraw where a sign has no glyph here.
    """
    return packed(layer(sheet, data, width, height, folder=folder))


def layer(
    sheet: str, data: dict[str, Any], width: int, height: int, *, folder: Path = SHEETS
) -> Image.Image:
    """The same before it is packed, see-through where nothing is. Raises CannotDraw, DoesNotFit."""
    drawing.prove(_texts(data))
    try:
        drawn = drawing.pngs(sheet, data, folder=folder, ppi=_PPI)[0]
    except typst.TypstError as error:
        found = _TOO_LONG.search(str(error))
        if found is None:
            raise
        raise DoesNotFit(found[1]) from error
    made = Image.open(BytesIO(drawn)).convert("RGBA")
    if made.size != (width, height):
        raise ValueError(f"{sheet}.typ makes {made.size}, not {(width, height)}")
    return made


def packed(image: Image.Image) -> bytes:
    """A drawing of few colours as a PNG: what is see-through becomes white."""
    white = Image.new("RGBA", image.size, "white")
    flat = Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    few = flat.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def jpeg(image: Image.Image, *, most: int = MOST_BYTES) -> bytes:
    """A drawing with a photograph in it as a JPEG of at most so many bytes, letters kept sharp."""
    data = b""
    for quality in (88, 80, 72, 62, 50, 40):
        out = BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=quality, subsampling=0, optimize=True)
        data = out.getvalue()
        if len(data) <= most:
            break
    return data


def _texts(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data] if data else []
    if isinstance(data, dict):
        return [text for value in data.values() for text in _texts(value)]
    return [text for value in data for text in _texts(value)] if isinstance(data, list) else []
