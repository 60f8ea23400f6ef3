"""Where things stand on a card: a room for words in each format and template, in pixels."""

from typing import Any, Final, NamedTuple


class Area(NamedTuple):
    """A rectangle. `x` is seen from where the language begins: mirrored for right to left."""

    x: int
    y: int
    width: int
    height: int

    def seen(self, card_width: int, *, rtl: bool) -> "Area":
        """The same from the left."""
        return self._replace(x=card_width - self.x - self.width) if rtl else self

    @property
    def corners(self) -> tuple[int, int, int, int]:
        return (self.x, self.y, self.x + self.width, self.y + self.height)

    def data(self) -> dict[str, int]:
        return self._asdict()


class Format(NamedTuple):
    """A size that networks ask for. Words stay within `safe`: apps draw over the rest."""

    name: str
    width: int
    height: int
    safe: Area
    sizes: dict[str, int]


def _sizes(**sizes: int) -> dict[str, int]:
    """Sizes of letters, with the least that can still be read on a telephone."""
    return {
        **sizes,
        "headline_least": sizes["headline"] * 2 // 5,
        "line_least": sizes["line"] * 16 // 25,
    }


# A story's name and buttons lie over its upper 250 and lower 340 pixels.
FORMATS: Final = {
    "og": Format(
        "og",
        1200,
        630,
        Area(64, 52, 1072, 526),
        _sizes(headline=104, line=36, count=60, small=28, gap=30, giant=150),
    ),
    "story": Format(
        "story",
        1080,
        1920,
        Area(84, 270, 912, 1290),
        _sizes(headline=124, line=50, count=88, small=42, gap=64, giant=260),
    ),
    "square": Format(
        "square",
        1080,
        1080,
        Area(76, 72, 928, 936),
        _sizes(headline=108, line=42, count=76, small=36, gap=48, giant=240),
    ),
}
# The campaign's picture, and where words stand beside or over it.
PICTURES: Final = {
    ("photo", "og"): (Area(0, 0, 1200, 630), Area(64, 96, 1072, 486)),
    ("photo", "story"): (Area(0, 0, 1080, 1920), Area(84, 700, 912, 860)),
    ("photo", "square"): (Area(0, 0, 1080, 1080), Area(76, 300, 928, 708)),
    ("split", "og"): (Area(736, 0, 464, 630), Area(60, 48, 620, 534)),
    ("split", "story"): (Area(0, 0, 1080, 720), Area(84, 776, 912, 784)),
    ("split", "square"): (Area(0, 0, 1080, 380), Area(76, 424, 928, 600)),
}
# The count's own ground and room, and that of the words.
NUMBERS: Final = {
    "og": (Area(0, 0, 540, 630), Area(56, 52, 428, 526), Area(596, 52, 548, 526)),
    "story": (Area(0, 0, 1080, 850), Area(84, 270, 912, 530), Area(84, 906, 912, 654)),
    "square": (Area(0, 0, 1080, 500), Area(76, 60, 928, 390), Area(76, 548, 928, 460)),
}
# Where the frame is drawn, and the words within.
FRAMES: Final = {
    "og": (Area(0, 0, 1200, 630), Area(96, 72, 1008, 486)),
    "story": (Area(0, 220, 1080, 1390), Area(130, 330, 820, 1170)),
    "square": (Area(0, 0, 1080, 1080), Area(120, 110, 840, 860)),
}


def words_area(template: str, format_name: str) -> Area:
    """The room in which a template puts its words."""
    if template == "frame":
        return FRAMES[format_name][1]
    if (template, format_name) in PICTURES:
        return PICTURES[template, format_name][1]
    return FORMATS[format_name].safe


def data(template: str, format_name: str, *, rtl: bool) -> dict[str, Any]:
    """What `card.typ` wants to know of a format."""
    form = FORMATS[format_name]

    def seen(area: Area) -> dict[str, int]:
        return area.seen(form.width, rtl=rtl).data()

    sizes = dict(form.sizes)
    if template in {"split", "number"}:
        # These rooms are half as wide or high.
        for name in ("headline", "headline_least"):
            sizes[name] = sizes[name] * 3 // 4
    panel, inner, message = NUMBERS[format_name]
    return {
        "width": form.width,
        "height": form.height,
        "template": template,
        "sizes": {name.replace("_", "-"): size for name, size in sizes.items()},
        "area": seen(words_area(template, format_name)),
        "frame": FRAMES[format_name][0].data(),
        "accent_area": {**seen(panel), "text": seen(inner)},
        "message_area": seen(message),
    }
