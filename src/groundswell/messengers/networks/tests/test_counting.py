"""Texts measured as the networks measure them, with the examples they publish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.messengers.networks import NETWORKS, counting, measure

FAMILY = "👨‍👩‍👧‍👦"


# From X's "Counting characters" and the conformance suite of twitter-text (weighted, version 3).
@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("This is a test.", 15),
        ("Hi http://test.co", 26),
        ("http://test.co", 23),
        ("https://test.com", 23),
        ("test.com", 23),
        ("Test https://test.com test https://test.com test.com test", 86),
        ("https://example.com/very/long/path", 23),
        ("https://www.twitter.com/aloha " * 10, 240),
        ("故人西辞黄鹤楼", 14),
        ("😷👾😡🔥💩", 10),
        ("👾", 2),
        ("🙋🏽", 2),
        ("👨‍🎤", 2),
        (FAMILY, 2),
        ("café", 4),
        ("cafe\u0301", 4),
        ("Aשּׁ", 4),
        ("‘quoted’ – and “so” on…", 24),
        ("1️⃣🇬🇧", 4),
        ("It is.it was fine", 17),
        ("write to a@b.org", 16),
    ],
)
def test_it_weighs_a_post_as_x_does(text: str, length: int) -> None:
    assert measure("x", text).length == length


def test_it_says_when_a_post_is_too_long_for_x() -> None:
    assert measure("x", "の" * 140).over == ()
    assert measure("x", "の" * 141).over == ("length",)
    assert measure("x", "の" * 141).left == -2


# The length of what Bluesky's own app would show.
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://example.com", "example.com"),
        ("https://Example.com/", "example.com"),
        ("https://example.com/a/b?c=d#e", "example.com/a/b?c=d#e"),
        ("https://example.com/foo?bar=baz&boo=bop", "example.com/foo?bar=baz&..."),
        ("see example.com.", "see example.com."),
        ("(https://example.com/x)", "(example.com/x)"),
    ],
)
def test_it_shortens_links_as_bluesky_does(text: str, shown: str) -> None:
    assert counting.shortened(text) == shown


def test_it_counts_graphemes_and_bytes_for_bluesky() -> None:
    assert measure("bluesky", FAMILY * 100).length == 100
    assert measure("bluesky", FAMILY * 100).over == ()
    assert measure("bluesky", FAMILY * 121).over == ("bytes",)  # 25 bytes each
    assert measure("bluesky", "é" * 301).over == ("length",)


def test_it_counts_links_and_far_names_as_mastodon_does() -> None:
    assert measure("mastodon", "https://example.org/" + "a" * 300).length == 23
    assert measure("mastodon", "@alice@example.com hello").length == len("@alice hello")
    assert measure("mastodon", "example.org").length == 11  # no link without https://
    assert measure("mastodon", "mail alice@example.com").length == 22


def test_it_counts_an_emoji_on_threads_as_its_bytes() -> None:
    assert measure("threads", "Hi 👋").length == 7
    assert measure("threads", "né").length == 2
    assert measure("threads", " ".join(f"a{n}.org" for n in range(6))).over == ("links",)


def test_it_counts_instagrams_hashtags() -> None:
    assert measure("instagram", " ".join(f"#tag{n}" for n in range(30)), pictures=1).over == ()
    crowded = measure("instagram", " ".join(f"#tag{n}" for n in range(31)), pictures=1)
    assert crowded.over == ("hashtags",)
    assert crowded.unwise == ("hashtags",)
    assert measure("instagram", "a" * 2201).over == ("length",)
    assert measure("instagram", "river.org", pictures=1).unwise == ("links",)
    assert measure("instagram", "no picture").unwise == ("picture",)


def test_it_knows_that_telegrams_captions_are_shorter() -> None:
    assert measure("telegram", "a" * 4096).over == ()
    assert measure("telegram", "a" * 1025, pictures=1).over == ("length",)
    assert measure("telegram", "👋").length == 2


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#hashtag", ["#hashtag"]),
        ("#1st #that1time", ["#1st", "#that1time"]),
        ("#12345", []),
        ("#ашок #트위터 #ձայն", ["#ашок", "#트위터", "#ձայն"]),
        ("https://a.org/#top", []),
        ("C&#39;s a#b", []),
    ],
)
def test_it_finds_hashtags(text: str, tags: list[str]) -> None:
    assert counting.hashtags(text) == tags


def test_it_finds_the_accounts_named() -> None:
    assert counting.mentions("@anna, .@ben.b. mail c@d.org") == ["@anna", "@ben.b"]


@pytest.mark.parametrize("code", sorted(NETWORKS))
@given(text=st.text(max_size=80), more=st.text(alphabet="abc 日", min_size=1, max_size=20))
def test_it_measures_any_text(code: str, text: str, more: str) -> None:
    one = measure(code, text)
    assert one.length >= 0
    assert one.left == one.limit - one.length
    # A line of its own makes nothing shorter.
    assert measure(code, f"{text}\n{more}").length >= one.length


@given(
    st.text(alphabet=st.characters(max_codepoint=0x7E, exclude_characters="./:#@"), max_size=300)
)
def test_it_counts_plain_letters_once_everywhere(text: str) -> None:
    plain = text.replace("\r", "")  # CRLF is one grapheme, and two characters
    assert {measure(code, plain).length for code in NETWORKS} == {len(plain)}


@given(st.text(max_size=300))
def test_it_never_says_that_too_much_fits_x(text: str) -> None:
    # A visible character counts at least once and at most twice for each of its code points.
    assert counting.graphemes(text.replace(".", "")) <= measure("x", text.replace(".", "")).length
