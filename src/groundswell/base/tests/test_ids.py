"""Ids and link tokens."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from groundswell.base import ids

keys = st.binary(min_size=32, max_size=32)
submissions = st.binary(min_size=16, max_size=16)


@given(page=st.text(max_size=40), key=st.binary(max_size=64), body=st.binary(max_size=200))
def test_it_gives_the_same_request_the_same_id(page: str, key: bytes, body: bytes) -> None:
    first = ids.submission_id(page=page, key=key, body=body)
    assert first == ids.submission_id(page=page, key=key, body=body)
    assert len(first) == ids.ID_BYTES


@given(key=keys, body=st.binary(min_size=1), cut=st.integers(min_value=0, max_value=20))
def test_it_never_confuses_where_one_part_ends(key: bytes, body: bytes, cut: int) -> None:
    moved = ids.submission_id(page="p", key=key + body[: cut + 1], body=body[cut + 1 :])
    assert moved != ids.submission_id(page="p", key=key, body=body)


@given(secret=keys, submission=submissions)
def test_it_reads_the_links_it_made(secret: bytes, submission: bytes) -> None:
    token = ids.link_token(secret=secret, submission=submission)
    assert len(token) == 43
    assert ids.read_link_token(token, secret=secret) == submission


@given(secret=keys, submission=submissions, place=st.integers(0, 31), bit=st.integers(0, 7))
def test_it_refuses_a_link_with_one_bit_changed(
    secret: bytes, submission: bytes, place: int, bit: int
) -> None:
    raw = bytearray(
        base64.urlsafe_b64decode(ids.link_token(secret=secret, submission=submission) + "=")
    )
    raw[place] ^= 1 << bit
    forged = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    assert ids.read_link_token(forged, secret=secret) is None


@given(secret=keys, other=keys, submission=submissions)
def test_it_refuses_a_link_of_another_secret(
    secret: bytes, other: bytes, submission: bytes
) -> None:
    token = ids.link_token(secret=secret, submission=submission)
    assert (ids.read_link_token(token, secret=other) is None) == (secret != other)


@given(token=st.text(max_size=80))
def test_it_refuses_anything_else(token: str) -> None:
    assert ids.read_link_token(token, secret=b"s" * 32) is None


def test_it_gives_a_consent_text_a_new_version_for_each_word() -> None:
    versions = {
        ids.text_version(purpose="news", text="Send me news"),
        ids.text_version(purpose="news", text="Send me news."),
        ids.text_version(purpose="calls", text="Send me news"),
    }
    assert len(versions) == 3


def test_it_makes_keys_that_nobody_guesses() -> None:
    assert len({ids.new_key() for _ in range(100)}) == 100
    assert ids.key_tag(b"k" * 32) != b"k" * 16
