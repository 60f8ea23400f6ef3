"""Spellings of one mailbox meet; mailboxes of two people do not."""

import pytest

from groundswell.people import dedupe, vault

SAME = [
    ("Ada@Example.org", "ada@example.org"),
    ("ada+petition@example.org", "ada@example.org"),
    ("a.d.a@gmail.com", "ada@gmail.com"),
    ("ada+x@googlemail.com", "ada@gmail.com"),
    ("ada+x@Outlook.com", "ada@outlook.com"),
    ("ada+x@hotmail.com", "ada@hotmail.com"),
    ("ada@protonmail.com", "ada@proton.me"),
    ("a-d_a@pm.me", "ada@proton.me"),
    ("ada.lovelace@yandex.ru", "ada-lovelace@ya.ru"),
    ("ada@me.com", "ada@icloud.com"),
    ("shop@ada.fastmail.com", "ada@fastmail.com"),
    ("ada+x@fastmail.fm", "ada@fastmail.fm"),
    ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ("ada@BÜCHER.example.", "ada@bücher.example"),
    ("STRASSE@example.org", "straße@example.org"),
    ("  ada@example.org ", "ada@example.org"),
]
DIFFERENT = [
    ("a.da@example.org", "ada@example.org"),
    ("ada@outlook.com", "ada@hotmail.com"),
    ("a.da@outlook.com", "ada@outlook.com"),
    ("ada@fastmail.com", "ada@fastmail.fm"),
    ("ada@example.org", "ada@example.com"),
    ("+one@example.org", "+two@example.org"),
    ("....@gmail.com", "...@gmail.com"),
    ("ada@evil.gmail.com", "ada@gmail.com"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_it_knows_spellings_of_one_mailbox(one: str, other: str) -> None:
    assert dedupe.canonical(one) == dedupe.canonical(other)
    assert vault.index(one) == vault.index(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_it_keeps_two_mailboxes_apart(one: str, other: str) -> None:
    assert dedupe.canonical(one) != dedupe.canonical(other)


@pytest.mark.parametrize(
    "odd", ["", "@", "ada", "ada@", "@example.org", "a@b@c", "ada@" + "x" * 300]
)
def test_it_has_an_answer_for_what_is_no_address(odd: str) -> None:
    assert isinstance(dedupe.canonical(odd), str)
