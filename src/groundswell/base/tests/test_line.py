import pytest

from groundswell.base.line import one_line


@pytest.mark.parametrize(
    "name", ["علی\u200cرضا محمدی", "ශ්\u200dරී", "👩\u200d👩\u200d👧 Vale", "Zoë"]
)
def test_it_leaves_what_names_are_spelt_with(name: str) -> None:
    assert one_line(name) == name


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\r\ntwo\u2028three", "one two three"),
        ("  far \t apart ", "far apart"),
        ("safe\u202egpj.exe", "safe gpj.exe"),
        ("a\x00b\x1bc", "a b c"),
    ],
)
def test_it_takes_out_what_can_do_harm(text: str, line: str) -> None:
    assert one_line(text) == line
