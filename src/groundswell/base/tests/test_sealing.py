"""Sealing: only the right key, in the right place, opens what was sealed."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.base import sealing
from groundswell.base.sealing import CannotOpen, FieldCipher, OpeningKey, OpeningKeys, SealingKey

PAIR = OpeningKey.generate()
OTHER = OpeningKey.generate()
PUBLIC = SealingKey(PAIR.public)
CIPHER = FieldCipher({b"k" * 8: b"1" * 32}, current=b"k" * 8)


@settings(deadline=None, max_examples=30)
@given(payload=st.binary(max_size=2000), info=st.binary(max_size=100))
def test_it_opens_a_group_it_sealed(payload: bytes, info: bytes) -> None:
    envelope = PUBLIC.seal(payload, info=info)
    assert PAIR.open(envelope, info=info) == payload
    assert payload not in envelope or len(payload) < 4


@settings(deadline=None, max_examples=30)
@given(place=st.integers(min_value=0, max_value=1199), bit=st.integers(0, 7))
def test_it_refuses_a_group_with_one_bit_changed(place: int, bit: int) -> None:
    envelope = bytearray(PUBLIC.seal(b"Suzie" * 20, info=b"here"))
    envelope[place % len(envelope)] ^= 1 << bit
    with pytest.raises(CannotOpen):
        OpeningKeys([PAIR]).open(bytes(envelope), info=b"here")


def test_it_refuses_a_group_that_was_moved() -> None:
    with pytest.raises(CannotOpen):
        PAIR.open(PUBLIC.seal(b"Suzie", info=b"file 1, group 7"), info=b"file 1, group 8")


def test_it_refuses_a_group_for_somebody_else() -> None:
    envelope = PUBLIC.seal(b"Suzie", info=b"here")
    with pytest.raises(CannotOpen):
        OTHER.open(envelope, info=b"here")
    with pytest.raises(CannotOpen):
        OpeningKeys([OTHER]).open(envelope, info=b"here")


def test_it_opens_groups_of_a_key_that_was_rotated_away() -> None:
    old = PUBLIC.seal(b"Suzie", info=b"here")
    assert OpeningKeys([OTHER, PAIR]).open(old, info=b"here") == b"Suzie"


def test_it_finds_the_same_public_key_from_the_seed() -> None:
    assert OpeningKey(PAIR.seed).public == PAIR.public
    assert SealingKey(PAIR.public).id == PAIR.id


@pytest.mark.parametrize("make", [SealingKey, OpeningKey])
def test_it_refuses_a_key_of_the_wrong_length(make: Callable[[bytes], object]) -> None:
    with pytest.raises(ValueError, match="bytes"):
        make(b"short")


@given(plain=st.binary(max_size=300), context=st.binary(max_size=40))
def test_it_opens_a_field_it_sealed(plain: bytes, context: bytes) -> None:
    assert CIPHER.open(CIPHER.seal(plain, context=context), context=context) == plain


def test_it_refuses_a_field_in_another_row() -> None:
    with pytest.raises(CannotOpen):
        CIPHER.open(CIPHER.seal(b"Suzie", context=b"row 1"), context=b"row 2")


@pytest.mark.parametrize("envelope", [b"", b"\x01", b"\x02" + b"k" * 40, b"\x01" + b"x" * 40])
def test_it_refuses_what_is_no_field_of_ours(envelope: bytes) -> None:
    with pytest.raises(CannotOpen):
        CIPHER.open(envelope, context=b"")


def test_it_seals_the_same_field_differently_each_time() -> None:
    assert CIPHER.seal(b"Suzie", context=b"row") != CIPHER.seal(b"Suzie", context=b"row")


def test_it_says_nothing_of_what_is_inside_when_it_refuses() -> None:
    with pytest.raises(CannotOpen) as refused:
        CIPHER.open(CIPHER.seal(b"Suzie", context=b"a"), context=b"b")
    assert "Suzie" not in str(refused.value)


@given(one=st.text(max_size=40), two=st.text(max_size=40))
def test_it_indexes_equal_addresses_alike_and_no_others(one: str, two: str) -> None:
    first, second = (sealing.blind_index(b"k" * 32, text) for text in (one, two))
    assert (first == second) == (one == two)
    assert first != sealing.blind_index(b"l" * 32, one)
