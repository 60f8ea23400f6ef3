"""One card: what stands on it, upon which ground, and whether it can be read."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, NamedTuple

import msgspec
from PIL import Image, ImageOps

from groundswell.delivery.pdf import drawing
from groundswell.messengers.cards import colours, draw, layout, phrases, words
from groundswell.messengers.cards.layout import FORMATS

ON_GROUND: Final = "text on the ground"
ON_ACCENT: Final = "text on the accent colour"
OVER_PICTURE: Final = "text over the picture"
PICTURED: Final = frozenset({"photo", "split"})
EDITION: Final = 1  # raise it when the same card is drawn otherwise, so that all are drawn again
CENTRE: Final = "centre"  # in a picture's info: what should stay in sight, as shares of its size
_HINT: Final = 0.12  # how much of the ground's colour lies over the rest of a photograph


@dataclass(frozen=True, kw_only=True)
class Look:
    """The organiser's choices, for all formats and languages."""

    template: str
    ground: str
    ink: str
    accent: str
    shade: int

    @property
    def on_accent(self) -> str:
        return colours.readable_on(self.accent)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a card says. `number`, `line` and `shared` may be empty: then nothing stands there."""

    language: str
    headline: str
    line: str = ""
    number: str = ""
    unit: str = ""
    as_of: str = ""
    shared: str = ""
    brand: str = ""
    address: str = ""


class Pair(NamedTuple):
    """Two colours that are read upon each other: `what` names them, `ratio` is their contrast."""

    what: str
    ratio: float

    @property
    def enough(self) -> bool:
        return self.ratio >= colours.LEAST


class TooFaint(Exception):
    """Words on a card would be hard to read. `ratio` is what they have, 4.5 what they need."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        super().__init__(f"{pair.what}: contrast {rounded(pair.ratio)}:1, at least 4.5:1 is needed")


class Drawn(NamedTuple):
    """A finished picture; `ending` says of which type its bytes are: png or jpg."""

    data: bytes
    ending: str


def pairs(look: Look, *, with_picture: bool = False) -> list[Pair]:
    """The contrast of all colours that are read upon each other, without looking at a picture."""
    found = [] if with_picture and look.template == "photo" else [
        Pair(ON_GROUND, _ratio(look.ink, look.ground))
    ]  # fmt: skip
    return [*found, Pair(ON_ACCENT, _ratio(look.on_accent, look.accent))]


def over_picture(look: Look, ground: Image.Image, format_name: str, *, rtl: bool) -> Pair:
    """The contrast of text with a finished ground, at its faintest place."""
    form = FORMATS[format_name]
    area = layout.words_area(look.template, format_name).seen(form.width, rtl=rtl)
    return Pair(OVER_PICTURE, colours.worst_over(ground, look.ink, area.corners))


def make(look: Look, content: Content, format_name: str, picture: Image.Image | None) -> Drawn:
    """Draw a card. Without a picture, templates that need one become the banner.

    Raises TooFaint, draw.DoesNotFit, drawing.CannotDraw.
    """
    look = fitting(look, content, picture)
    rtl = words.rtl(content.language)
    ground = backdrop(look, format_name, picture, rtl=rtl)
    measured = pairs(look, with_picture=picture is not None)
    if look.template == "photo":
        measured.append(over_picture(look, ground, format_name, rtl=rtl))
    for pair in measured:
        if not pair.enough:
            raise TooFaint(pair)
    form = FORMATS[format_name]
    above = draw.layer("card", _data(look, content, format_name, rtl=rtl), form.width, form.height)
    whole = Image.alpha_composite(ground.convert("RGBA"), above)
    if look.template in PICTURED:
        return Drawn(draw.jpeg(whole), "jpg")
    return Drawn(draw.packed(whole), "png")


def fitting(look: Look, content: Content, picture: Image.Image | None) -> Look:
    """The look a card can have: no picture, no count, no template that is made of it."""
    lacks = (look.template in PICTURED and picture is None) or (
        look.template == "number" and not content.number
    )
    return replace(look, template="banner") if lacks else look


def backdrop(
    look: Look, format_name: str, picture: Image.Image | None, *, rtl: bool
) -> Image.Image:
    """What lies under the words: the ground's colour and, where the template has one, a picture."""
    form = FORMATS[format_name]
    ground = Image.new("RGB", (form.width, form.height), look.ground)
    if look.template not in PICTURED or picture is None:
        return ground
    area = layout.PICTURES[look.template, format_name][0].seen(form.width, rtl=rtl)
    centre = picture.info.get(CENTRE, (0.5, 0.4))
    fitted = ImageOps.fit(picture.convert("RGB"), (area.width, area.height), centering=centre)
    if look.template == "photo":
        fitted = _shaded(fitted, look, layout.words_area("photo", format_name).y)
    ground.paste(fitted, (area.x, area.y))
    return ground


def fingerprint(look: Look, content: Content, picture_digest: str, format_name: str) -> str:
    """What stands for a card but for its count and moment: where it is equal, nothing is new."""
    same = replace(content, number="#" if content.number else "", unit="", as_of="")
    told = msgspec.json.encode([EDITION, look, same, picture_digest, format_name])
    return sha256(told).hexdigest()[:32]


def alt(content: Content) -> str:
    """What the card shows, for people who cannot see it."""
    count = " ".join(part for part in (content.number, content.unit) if part)
    if content.as_of and count:
        count = f"{count} ({content.as_of})"
    parts = (content.headline, content.line, count, content.shared, content.brand)
    return " · ".join(" ".join(part.split()) for part in parts if part)[:400]


def rounded(ratio: float) -> str:
    """A ratio for people, never rounded up to what it is not."""
    return f"{int(ratio * 10) / 10:.1f}"


def _shaded(picture: Image.Image, look: Look, top: int) -> Image.Image:
    """A photograph with the ground's colour over it, as much as `shade` where words stand."""
    height = picture.height
    fade = height // 5
    column = Image.new("L", (1, height))
    for y in range(height):
        near = min(max((y - (top - fade)) / fade, 0.0), 1.0)
        smooth = near * near * (3 - 2 * near)
        share = _HINT + (look.shade / 100 - _HINT) * smooth
        column.putpixel((0, y), round(255 * share))
    mask = column.resize(picture.size)
    return Image.composite(Image.new("RGB", picture.size, look.ground), picture, mask)


def families(language: str, *, serif: bool) -> list[str]:
    """The fonts for a card in a language, those only that are here."""
    if serif:
        return drawing.families(language.lower())
    short = language.lower().split("-", maxsplit=1)[0]
    cjk = _CJK.get(language.lower()) or _CJK.get(short)
    arabic = "Noto Kufi Arabic" if short == "ar" else "Noto Sans Arabic"
    wanted = [cjk, *_SANS, arabic, *_CJK.values()] if cjk else [*_SANS, arabic, *_CJK.values()]
    there = set(drawing.fonts().families())
    return [name for name in wanted if name in there] or drawing.families(language.lower())


def _data(look: Look, content: Content, format_name: str, *, rtl: bool) -> dict[str, object]:
    language = content.language
    return {
        **msgspec.to_builtins(content),
        "headline": phrases.marked(content.headline, language),
        "line": phrases.marked(content.line, language),
        **layout.data(look.template, format_name, rtl=rtl),
        "lang": language.split("-", maxsplit=1)[0].lower(),
        "rtl": rtl,
        "airy": _AIRY.get(content.language.split("-", maxsplit=1)[0].lower(), 0.0),
        "fonts": families(language, serif=look.template == "frame"),
        "ink": look.ink,
        "accent": look.accent,
        "on_accent": look.on_accent,
    }


def _ratio(one: str, other: str) -> float:
    return colours.contrast(colours.rgb(one), colours.rgb(other))


# Scripts whose signs are taller or denser want more room between lines, in em.
_AIRY: Final = {
    "ar": 0.3, "fa": 0.22, "ur": 0.4, "ja": 0.14, "zh": 0.14, "ko": 0.12, "vi": 0.06, "th": 0.16,
    "hi": 0.12, "bn": 0.12, "my": 0.4, "km": 0.4,
}  # fmt: skip
_SANS: Final = (
    "Noto Sans", "Noto Sans Armenian", "Noto Sans Georgian", "Noto Sans Hebrew",
    "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Thai",
    "Noto Sans Ethiopic", "Noto Sans Khmer",
)  # fmt: skip
_CJK: Final = {
    "ja": "Noto Sans CJK JP",
    "zh": "Noto Sans CJK SC",
    "zh-hant": "Noto Sans CJK TC",
    "zh-hk": "Noto Sans CJK HK",
    "ko": "Noto Sans CJK KR",
}
