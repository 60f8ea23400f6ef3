"""Contrast as WCAG 2.2 measures it (success criterion 1.4.3), for colours and over pictures."""

from typing import Final

from PIL import Image, ImageColor

RGB = tuple[int, int, int]
LEAST: Final = 4.5
BLACK: Final = "#000000"
WHITE: Final = "#ffffff"
# Strokes are wider than this: a single speck of a photograph makes no letter unreadable.
_SPECK: Final = 4


def rgb(colour: str) -> RGB:
    """The three parts of a colour such as #12343b."""
    found = ImageColor.getrgb(colour)
    return (found[0], found[1], found[2])


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 for black and 1 for white."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_on(colour: str) -> str:
    """Black or white, whichever is read better on a colour; one of them always is, well enough."""
    ground = rgb(colour)
    return max((BLACK, WHITE), key=lambda ink: contrast(rgb(ink), ground))


def worst_over(image: Image.Image, ink: str, area: tuple[int, int, int, int]) -> float:
    """The least contrast of an ink with any place of an area (left, top, right, bottom)."""
    part = image.convert("RGB").crop(area)
    size = (max(part.width // _SPECK, 1), max(part.height // _SPECK, 1))
    found = part.resize(size, Image.Resampling.BOX).getcolors(size[0] * size[1]) or []
    letter = rgb(ink)
    return min(contrast(letter, _three(colour)) for _count, colour in found)


def _three(colour: float | tuple[int, ...]) -> RGB:
    assert isinstance(colour, tuple)  # noqa: S101  an RGB picture has them
    return (colour[0], colour[1], colour[2])


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
