"""Every code has words, and every word of the public pages is there in every language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from groundswell.base.errors import FIELD_CODES, REQUEST_CODES
from groundswell.campaigns import words
from groundswell.kinds.kind import FIELDS
from groundswell.kinds.registry import KINDS
from groundswell.studio import catalogue

ROOMS: Final = Path(words.__file__).parents[1]
LANGS: Final = ["ar", "fr", "es", "de"]
MARKERS: Final = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "N_"}
PRIVATE: Final = (
    "_effect", "_letter_page", "_text", "base", "gone", "messenger", "robot", "signatory", "wait",
)  # fmt: skip
_TAG: Final = re.compile(r"""{% (?:translate|trans) (["'])(.+?)\1""")
_BLOCK: Final = re.compile(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", re.DOTALL)
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)s|{\w+}")

every_language = pytest.mark.parametrize("lang", LANGS)


def read(lang: str) -> Catalog:
    with (catalogue.FOLDER / lang / "LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=lang)


def public_words() -> set[str]:
    """All marked words of the rooms that speak to supporters."""
    kinds = [value for kind in KINDS.values() for value in _texts(kind)]
    fields = [value for field in FIELDS.values() for value in (field.label, field.hint)]
    places = [ROOMS / "campaigns", ROOMS / "kinds", ROOMS / "people"]
    templates = [file for place in places for file in place.glob("**/templates/**/*.*")]
    # A messenger's page speaks their language, though the studio serves it.
    private = ROOMS / "studio/templates/private"
    templates += [private / f"{name}.html" for name in PRIVATE]
    code = [
        *(ROOMS / "campaigns").glob("render*.py"),
        ROOMS / "campaigns/networks.py",
        ROOMS / "messengers/cards/words.py",
        *(
            ROOMS / "campaigns" / name
            for name in ("words.py", "as_read.py", "became.py", "ringing.py")
        ),
        ROOMS / "studio/private/views.py",
        ROOMS / "studio/openletters/pictures.py",
        ROOMS / "studio/openletters/private.py",
        *(ROOMS / "kinds").glob("*.py"),
        *(ROOMS / "kinds").glob("*/kind.py"),
        *(ROOMS / "people").glob("*.py"),
        *(ROOMS / "delivery/channels/email").glob("*.py"),
        *(ROOMS / "delivery/channels/print").glob("*.py"),
    ]
    found = [text for file in templates for text in _in_template(file.read_text())]
    found += [text for file in code for text in _in_code(file.read_text())]
    # The other numbers' words are the plural side of `unit_one`.
    plural = {kind.unit_many for kind in KINDS.values()}
    return {text for text in (*found, *kinds, *fields) if text} - plural


def _texts(kind: object) -> list[str]:
    names = ("label", "heading", "button", "unit_one", "nobody_yet")
    return [str(getattr(kind, name)) for name in names]


def _in_template(source: str) -> Iterator[str]:
    for _, text in _TAG.findall(source):
        yield text
    for block in _BLOCK.findall(source):
        yield re.sub(r"{{ (\w+) }}", r"%(\1)s", block.split("{% plural %}")[0])


def _in_code(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in MARKERS and isinstance(first, ast.Constant):
                yield str(first.value)


def _sides(message: object) -> list[str]:
    return [str(side) for side in message] if isinstance(message, list | tuple) else [str(message)]


def test_it_has_words_for_every_code() -> None:
    assert set(words.FIELD_WORDS) == set(FIELD_CODES)
    assert set(words.REQUEST_WORDS) == set(REQUEST_CODES)


def test_it_finds_words_to_translate() -> None:
    assert len(public_words()) > 100


@every_language
def test_it_gives_a_spec_words_in_its_language(lang: str) -> None:
    english, foreign = words.messages("en"), words.messages(lang)
    assert set(foreign) == {"summary_title", *FIELD_CODES, *REQUEST_CODES}
    assert [code for code in foreign if foreign[code] == english[code]] == []


@every_language
def test_it_translates_every_public_word(lang: str) -> None:
    there = {_sides(message.id)[0]: message for message in read(lang) if message.id}
    missing = public_words() - set(there)
    assert missing == set()
    assert [text for text, message in there.items() if not all(_sides(message.string))] == []


@every_language
def test_it_keeps_each_placeholder(lang: str) -> None:
    for message in read(lang):
        if message.id:
            wanted = set(_PLACEHOLDER.findall(_sides(message.id)[0]))
            for side in _sides(message.string):
                assert set(_PLACEHOLDER.findall(side)) == wanted, message.id


@every_language
def test_it_carries_no_word_that_nobody_says(lang: str) -> None:
    said = public_words()
    assert {_sides(message.id)[0] for message in read(lang) if message.id} <= said


def test_it_compiles_only_what_is_new() -> None:
    catalogue.compile()
    assert catalogue.compile() == []
    source = catalogue.FOLDER / "fr/LC_MESSAGES/django.po"
    target = source.with_suffix(".mo")
    target.unlink()
    assert catalogue.compile() == [target]
