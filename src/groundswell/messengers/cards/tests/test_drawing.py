"""Cards as pictures: of the right size, within their room, readable, small, in any script."""

from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from groundswell.delivery.pdf.drawing import CannotDraw
from groundswell.messengers.cards import card, draw, layout, phrases
from groundswell.messengers.cards.layout import FORMATS
from groundswell.messengers.cards.tests import scene
from groundswell.messengers.cards.tests.scene import LOOK, TEXTS
from groundswell.messengers.models import CardDesign

TEMPLATES = [one.value for one in CardDesign.Template]
every_template = pytest.mark.parametrize("template", TEMPLATES)


def drawn(template: str, language: str, form: str, **said: str) -> tuple[card.Drawn, Image.Image]:
    look = replace(LOOK, template=template)
    made = card.make(look, scene.content(language, **said), form, scene.landscape())
    return made, scene.opened(made.data)


def words_only(template: str, language: str, form: str) -> Image.Image:
    """What a card draws upon its ground: all that is not the ground itself."""
    look = replace(LOOK, template=template)
    rtl = language == "ar"
    _made, whole = drawn(template, language, form)
    ground = card.backdrop(look, form, scene.landscape(), rtl=rtl)
    difference = ImageChops.difference(whole, ground.convert("RGB")).convert("L")
    return difference.point(lambda value: 255 if value > 60 else 0)


@every_template
@pytest.mark.parametrize("language", list(TEXTS))
def test_it_draws_every_script_in_every_format(template: str, language: str) -> None:
    for form in FORMATS.values():
        made, picture = drawn(template, language, form.name)
        assert picture.size == (form.width, form.height)
        assert len(made.data) < 300_000
        assert made.ending == ("jpg" if template in card.PICTURED else "png")


@pytest.mark.parametrize("template", ["banner", "photo", "split", "frame"])
@pytest.mark.parametrize("language", ["de", "ar", "ja"])
def test_it_keeps_a_storys_edges_free(template: str, language: str) -> None:
    box = words_only(template, language, "story").getbbox()
    assert box is not None
    # The frame's own line is a little outside of where words stand.
    assert box[1] >= 220
    assert box[3] <= 1920 - 310


@every_template
def test_it_keeps_every_word_within_the_card(template: str) -> None:
    for form in FORMATS.values():
        box = words_only(template, "de", form.name).getbbox()
        assert box is not None
        assert box[2] <= form.width - (0 if template in {"number", "frame"} else 40)


def test_it_mirrors_what_is_written_from_right_to_left() -> None:
    """The accent's square stands where reading begins."""
    for language, left in (("en", True), ("ar", False)):
        _made, picture = drawn("banner", language, "og", number="", unit="", as_of="")
        box = ImageChops.invert(
            ImageChops.difference(picture, Image.new("RGB", picture.size, LOOK.accent)).convert("L")
        ).point(lambda value: 255 if value > 245 else 0)
        found = box.getbbox()
        assert found is not None
        assert (found[2] < 200) is left
        assert (found[0] > 1000) is not left


def test_it_shows_no_box_for_a_sign_without_a_glyph() -> None:
    with pytest.raises(CannotDraw, match="no font on this machine"):
        drawn("banner", "en", "og", headline="A flag \U0001f1fa\U0001f1f8")


@pytest.mark.parametrize("field", ["headline", "line"])
def test_it_says_what_is_too_long(field: str) -> None:
    with pytest.raises(draw.DoesNotFit) as told:
        drawn("split", "en", "og", **{field: "Every word of this goes on and on. " * 30})
    assert told.value.field == field


def test_it_lets_no_word_hang_out() -> None:
    with pytest.raises(draw.DoesNotFit):
        drawn("banner", "en", "og", headline="W" * 120)


@pytest.mark.parametrize(("ink", "ratio"), [("#777777", "2.9"), ("#12343b", "1.0")])
def test_it_refuses_faint_text_by_its_ratio(ink: str, ratio: str) -> None:
    with pytest.raises(card.TooFaint, match=rf"contrast {ratio}:1, at least 4.5:1"):
        card.make(replace(LOOK, ink=ink), scene.content("en"), "og", None)


def test_it_measures_text_over_the_picture_itself() -> None:
    look = replace(LOOK, template="photo", shade=40)
    with pytest.raises(card.TooFaint) as told:
        card.make(look, scene.content("en"), "square", scene.landscape(light=True))
    assert told.value.pair.what == card.OVER_PICTURE
    assert told.value.pair.ratio < 4.5
    card.make(look, scene.content("en"), "square", Image.new("RGB", (1200, 1200), "#102018"))
    card.make(replace(look, shade=80), scene.content("en"), "square", scene.landscape(light=True))


@pytest.mark.parametrize("accent", ["#ffffff", "#000000", "#777777", "#ff0000", "#0057b7"])
def test_it_finds_an_ink_for_every_accent(accent: str) -> None:
    assert all(pair.enough for pair in card.pairs(replace(LOOK, accent=accent)))


def test_it_falls_back_where_a_template_lacks_what_it_is_made_of() -> None:
    for template, number in (("photo", "12"), ("split", "12"), ("number", "")):
        look = replace(LOOK, template=template)
        assert card.fitting(look, scene.content("en", number=number), None).template == "banner"


def test_it_ends_japanese_lines_between_phrases() -> None:
    marked = phrases.marked(TEXTS["ja"][0], "ja").split(phrases.BREAK)
    assert marked == ["ローン川を", "きれいなまま", "未来へ", "残そう"]
    assert phrases.marked(TEXTS["en"][0], "en") == TEXTS["en"][0]


def test_it_takes_a_card_for_the_same_whatever_the_count() -> None:
    one, other = scene.content("en"), scene.content("en", number="406,000", as_of="as of later")
    assert card.fingerprint(LOOK, one, "", "og") == card.fingerprint(LOOK, other, "", "og")
    for changed in (scene.content("en", number=""), scene.content("en", headline="Else")):
        assert card.fingerprint(LOOK, one, "", "og") != card.fingerprint(LOOK, changed, "", "og")
    assert card.fingerprint(LOOK, one, "", "og") != card.fingerprint(
        replace(LOOK, ground="#000000"), one, "", "og"
    )


def test_it_keeps_words_out_of_a_storys_edges_by_its_rooms() -> None:
    for template in TEMPLATES:
        area = layout.words_area(template, "story")
        assert area.y >= 250
        assert area.y + area.height <= 1920 - 340
