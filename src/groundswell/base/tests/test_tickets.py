"""A ticket says what we wrote on it, until its time is over, and nobody else can write one."""

import base64

import msgspec
import pytest

from groundswell.base import tickets

SECRET = "5ca1ab1e" * 4
TICKET = tickets.Ticket(
    bridge=b"b" * 16,
    until=1_000,
    page="a" * 32,
    lang="ar",
    number="+442079460000",
    said=tickets.Said("مرحبا", "1", "{name}", "bye"),
    callees=(tickets.Callee("test/mayor", "Ada Weir", "+442079460958"),),
)


def test_it_comes_back_as_it_was() -> None:
    token = tickets.sign(TICKET, secret=SECRET)
    assert tickets.read(token, secret=SECRET, now=999) == TICKET


def test_it_is_over_at_its_time() -> None:
    assert tickets.read(tickets.sign(TICKET, secret=SECRET), secret=SECRET, now=1_000) is None


def test_it_opens_to_no_other_secret() -> None:
    assert tickets.read(tickets.sign(TICKET, secret=SECRET), secret="other", now=1) is None


def test_it_bears_no_change() -> None:
    token = tickets.sign(TICKET, secret=SECRET)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for place in range(len(raw)):
        raw[place] ^= 1
        bent = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        assert tickets.read(bent, secret=SECRET, now=1) is None
        raw[place] ^= 1


@pytest.mark.parametrize("token", ["", "x", "ü" * 30, "A" * 5_000, "-" * 64, "a b"])
def test_it_takes_nothing_else(token: str) -> None:
    assert tickets.read(token, secret=SECRET, now=1) is None


def test_it_fits_an_address_however_long_the_names_are() -> None:
    said = tickets.Said(*(f"{n} كلمات كثيرة جدا " * 12 for n in range(4)))
    callees = tuple(
        tickets.Callee(f"us/office-{n}-{n * 7919}", f"Name {n * 104729} " * 5, "+12025550123")
        for n in range(tickets.MAX_CALLEES)
    )
    full = msgspec.structs.replace(TICKET, said=said, callees=callees)
    assert len(tickets.sign(full, secret=SECRET)) <= tickets.MAX_TOKEN
