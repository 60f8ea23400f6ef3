"""A private link's token opens what it was made for and nothing else."""

import string
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.base import private_link

KEY = UUID("6f1f3c52-0c1e-4a51-9f0a-2d5c1b7e8a90")
SECRET = bytes(range(32))
TOKEN = private_link.token(KEY, SECRET, private_link.MESSENGER)
_LETTERS = string.ascii_letters + string.digits + "-_"


@given(st.uuids())
def test_it_reads_what_it_wrote(key: UUID) -> None:
    token = private_link.token(key, SECRET, private_link.MESSENGER)
    assert len(token) == private_link.TOKEN_CHARS
    assert set(token) <= set(_LETTERS)
    assert private_link.read(token, SECRET, private_link.MESSENGER) == key


def test_it_keeps_its_form() -> None:
    """Links lie in people's mails: a release that reads them otherwise would break them all."""
    assert TOKEN == "bx88UgweSlGfCi1cG36KkKvLY0fIvdC8lemYACaCEPQ"


def test_it_refuses_each_single_changed_letter() -> None:
    for place, letter in enumerate(TOKEN):
        for other in _LETTERS:
            if other != letter:
                changed = TOKEN[:place] + other + TOKEN[place + 1 :]
                assert private_link.read(changed, SECRET, private_link.MESSENGER) is None


def test_it_refuses_another_purpose_and_another_secret() -> None:
    assert private_link.read(TOKEN, SECRET, private_link.SIGNATORY) is None
    assert private_link.read(TOKEN, SECRET[::-1], private_link.MESSENGER) is None


@pytest.mark.parametrize(
    "token", ["", "=", TOKEN[:-1], TOKEN + "A", TOKEN + "=", "é" * 43, " " + TOKEN[1:], "+" * 43]
)
def test_it_refuses_what_is_no_token(token: str) -> None:
    assert private_link.read(token, SECRET, private_link.MESSENGER) is None


@given(st.text(max_size=60))
def test_it_never_fails_on_what_strangers_send(token: str) -> None:
    assert private_link.read(token, SECRET, private_link.MESSENGER) is None
