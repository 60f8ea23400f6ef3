"""A letter on paper: its address in the window, its words as they were typed."""

import pytest
import typst

from groundswell.base.letter import Letter
from groundswell.delivery.pdf import address, drawing, letters
from groundswell.delivery.pdf.tests import reading, samples
from groundswell.delivery.pdf.tests.samples import DAY, letter

LINE = "Every spring we rebuild the same bridge, and every spring we ask why. "


@pytest.mark.parametrize("name", samples.ALL)
def test_it_draws_every_script_in_its_language(name: str) -> None:
    made = letters.letter_pdf(samples.ALL[name], on=DAY)
    (text,) = reading.pages(made)
    wanted = {
        "us": "Robin Example",
        "de": "Jörg Müßig",
        "ar": "UN Water",
        "hy": "Սևանա",
        "vi": "nghiêm trọng",
        "ja": "河川保護法案",
    }
    assert wanted[name] in text


def test_it_writes_the_date_in_the_language() -> None:
    assert letters.long_date(DAY, "de") == "22. November 2026"
    assert letters.long_date(DAY, "pt-br") == "22 de novembro de 2026"
    assert letters.long_date(DAY, "xx-none") == "November 22, 2026"


def test_it_puts_the_address_into_the_window_of_a_din_envelope() -> None:
    made = letters.letter_pdf(samples.GERMAN, on=DAY)
    for line in ("Erika Beispiel", "digitale Infrastruktur", "11011 Berlin"):
        x, y = reading.where(made, line)
        assert 20 <= x <= 105
        assert 62.7 <= y <= 90


@pytest.mark.parametrize("long", [False, True])
def test_it_puts_both_addresses_into_the_windows_of_a_us_envelope(long: bool) -> None:
    role = "Ranking Member of the Subcommittee on Water Resources and Environment, Senator"
    made = letters.letter_pdf(letter(role=role) if long else samples.US, on=DAY)
    for line in ("The Honorable Robin Example", "Washington DC 20510"):
        x, y = reading.where(made, line)
        assert 22 <= x <= 22 + 76
        assert 2.3 * 25.4 <= y <= 3.15 * 25.4
    x, y = reading.where(made, "Springfield, IL 62701")
    assert x >= 0.375 * 25.4
    assert y <= 1.167 * 25.4


def test_it_keeps_an_endless_address_inside_the_window() -> None:
    post = "\n".join(f"Department number {number} of the ministry" for number in range(30))
    made = letters.letter_pdf(letter(target="de/1", post=post), on=DAY)
    lines = [y for said, x, y in reading.pieces(made) if said.startswith("Department")]
    assert lines
    assert max(lines) <= 90


def test_it_leaves_the_answer_address_out_without_consent() -> None:
    without = letters.letter_pdf(letter(reply_to=False), on=DAY)
    given = letters.letter_pdf(letter(reply_to=True), on=DAY)
    assert "alex@example.org" not in reading.pages(without)[0]
    assert "alex@example.org" in reading.pages(given)[0]


def test_it_signs_once() -> None:
    (text,) = reading.pages(letters.letter_pdf(samples.US, on=DAY))
    after = text.split("Sincerely,")[1]
    assert after.count("Alex Sample") == 1


def test_it_makes_a_text_that_nearly_fits_smaller_and_keeps_one_page() -> None:
    nearly = letter(body="\n\n".join([LINE * 5] * 6))
    assert len(reading.pages(letters.letter_pdf(nearly, on=DAY))) == 1


def test_it_lets_a_long_letter_flow_with_numbered_pages() -> None:
    long = letter(body="\n\n".join([LINE * 6] * 12) + "\n\nThe end.")
    first, second = reading.pages(letters.letter_pdf(long, on=DAY))
    assert "The end." in second
    assert "2" in second.split("\n")
    assert "The end." not in first


def test_it_keeps_the_longest_letter_whole() -> None:
    words = [f"word{number}" for number in range(1200)]
    made = reading.pages(letters.letter_pdf(letter(body=" ".join(words)), on=DAY))
    said = " ".join(made).split()
    assert [word for word in said if word.startswith("word")] == words


INJECTIONS = (
    '#read("/etc/passwd")',
    '#include "/etc/passwd"',
    '#import "@preview/cetz:0.3.0"',
    "#sys.inputs",
    "$ integral x $",
    "@nobody",
    "\\u{41} \\ *bold* _it_ `raw` = heading",
    '") #panic("x") ("',
    "#{ while true {} }",
    "<label> [content] /* comment */ // line",
    "{{7*7}} %s ${jndi:ldap://x}",
)


@pytest.mark.parametrize("typed", INJECTIONS)
def test_it_prints_what_looks_like_code(typed: str) -> None:
    field = {"subject": typed, "body": typed, "sender_name": typed, "street": typed, "post": typed}
    made = reading.pages(letters.letter_pdf(letter(**field), on=DAY))
    flat = "".join("".join(made).split())
    assert flat.count("".join(typed.split())) >= 3
    assert "root:" not in flat


def test_it_cannot_even_be_told_by_its_own_sheets_to_read_elsewhere() -> None:
    # The control twin of the test above: here the text really is code, and the folder holds.
    def code(text: str) -> object:
        return typst.Compiler(text.encode(), root=drawing.SHEETS).compile(format="pdf")

    assert code('#read("sheet.typ")')
    for path in ("/etc/passwd", "../drawing.py", "../../../../../../../../etc/passwd"):
        with pytest.raises(typst.TypstError):
            code(f'#read("{path}")')


def test_it_names_a_symbol_that_no_font_has(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(drawing, "fonts", lambda: bare)
    typed = 'Thank you \U0001f64f\U0001f3fd! "\U0001f469\u200d\U0001f33e" \U0001f3fd'
    (text,) = reading.pages(letters.letter_pdf(letter(body=typed), on=DAY))
    assert 'Thank you [person with folded hands]! "[woman][ear of rice]"' in text


def test_it_says_which_letters_it_cannot_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(drawing, "fonts", lambda: bare)
    with pytest.raises(drawing.CannotDraw, match="fonts-noto-cjk"):
        letters.letter_pdf(samples.JAPANESE, on=DAY)
    # What typst brings along is enough for these.
    assert letters.letter_pdf(samples.VIETNAMESE, on=DAY)


def test_it_draws_control_characters_as_nothing() -> None:
    (text,) = reading.pages(letters.letter_pdf(letter(body="a\x00b\x1bc\x7fd"), on=DAY))
    assert "abcd" in text


@pytest.mark.parametrize(
    ("given", "country"),
    [
        (letter(), "us"),
        (letter(target="gb/1423"), "gb"),
        (letter(target="csv/1/2", country="FR"), "fr"),
    ],
)
def test_it_knows_where_a_letter_goes(given: Letter, country: str) -> None:
    assert address.country_of(given) == country


def test_it_draws_pictures_for_a_preview() -> None:
    (picture,) = letters.letter_png(samples.US, on=DAY)
    assert picture.startswith(b"\x89PNG")
