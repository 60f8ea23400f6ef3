"""Passes: only what the operator signed is read, and an old one can be read for ever."""

import pytest

from groundswell.base import passes
from groundswell.base.passes import Pass

SEED = bytes(range(32))
PUBLIC = passes.public_half(SEED)
ONE = Pass("2026-11-21-a", 1_795_295_999_000)
# Written by the first version that had passes; a formats' test: never make it afresh.
OLD = (
    "gqNydW6sMjAyNi0xMS0yMS1hpXVudGlszwAAAaH_-vQY."
    "qp3X-KccTkIA8m9hgaiJ80YlEFahH6jfSfWEGvoNvFS1eOf2FTD_1jgYMk1dAYAUSHSfsetiO_zx3S5uNDdTCQ"
)


def test_it_reads_what_it_signed() -> None:
    assert passes.read(passes.sign(ONE, seed=SEED), public=PUBLIC) == ONE
    assert passes.read(OLD, public=PUBLIC) == ONE


@pytest.mark.parametrize("at", [0, 10, -1])
def test_it_reads_nothing_that_was_changed(at: int) -> None:
    token = passes.sign(ONE, seed=SEED)
    changed = list(token)
    changed[at] = "A" if changed[at] != "A" else "Q"
    assert passes.read("".join(changed), public=PUBLIC) is None


@pytest.mark.parametrize("junk", ["", ".", "a", "a.b", "é.é", "." * 600, OLD[:-1]])
def test_it_reads_no_junk(junk: str) -> None:
    assert passes.read(junk, public=PUBLIC) is None


def test_it_reads_nothing_that_another_key_signed() -> None:
    assert passes.read(passes.sign(ONE, seed=b"x" * 32), public=PUBLIC) is None


@pytest.mark.parametrize("run", ["", "UPPER", "a b", "x" * 33, "../x"])
def test_it_signs_no_name_that_could_not_be_a_rows(run: str) -> None:
    with pytest.raises(ValueError, match="name"):
        passes.sign(Pass(run, 1), seed=SEED)
