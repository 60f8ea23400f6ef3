"""How the networks count a text, and find links, emoji, mentions and hashtags in it."""

import unicodedata
from collections.abc import Callable
from typing import Final

import regex

# A link as the networks find it: with its scheme, or a bare name that can only be a domain.
_LABEL: Final = r"[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?"
_TAIL: Final = r"(?::\d{1,5})?(?:[/?#](?:[^\s<>\"]*[\p{L}\p{N}/=_#&+\-@$%~])?)?"
# Endings that make a link without `https://`: general ones, and a country's only where more than
# two labels, a path, or the habit of short links (co, tv) show that no word is meant ("it.is").
_GENERAL: Final = (
    "app|art|blog|cloud|club|com|community|dev|earth|eco|edu|email|events|foundation|fund|global|"
    "gov|green|help|info|int|link|live|media|mil|mobi|movie|museum|music|name|net|network|news|ngo|"
    "one|ong|online|org|page|press|pro|shop|site|social|space|store|team|tech|today|website|wiki|"
    "world|xyz"
)
_SCHEMED: Final = rf"https?://(?:[^\s/@]+@)?(?:{_LABEL}\.)+\p{{L}}{{2,}}{_TAIL}"
_BARE: Final = (
    rf"(?<![\p{{L}}\p{{N}}@#$_./-])(?:"
    rf"(?:{_LABEL}\.)+(?:{_GENERAL})(?![\p{{L}}\p{{N}}@_-]){_TAIL}"
    rf"|(?:{_LABEL}\.){{2,}}[a-z]{{2}}(?![\p{{L}}\p{{N}}@_-]){_TAIL}"
    rf"|{_LABEL}\.(?:co|tv)(?![\p{{L}}\p{{N}}@_.-]){_TAIL}"
    rf"|{_LABEL}\.[a-z]{{2}}/[^\s<>\"]*)"
)
SCHEMED: Final = regex.compile(_SCHEMED, regex.IGNORECASE)
LINK: Final = regex.compile(rf"{_SCHEMED}|{_BARE}", regex.IGNORECASE)
_HASHTAG: Final = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}_&/#])[#＃](?=[\p{N}_]*[\p{L}\p{M}])[\p{L}\p{M}\p{N}_]+"
)
_MENTION: Final = regex.compile(
    r"(?<![\p{L}\p{N}_/@])[@＠][\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?"
)
_REMOTE: Final = regex.compile(
    r"(?<![\p{L}\p{N}_/@])(@[a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?)@[a-z0-9.-]*[a-z0-9]", regex.I
)
_CLUSTER: Final = regex.compile(r"\X")
_EMOJI: Final = regex.compile(
    r"\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\u20E3|\p{Regional_Indicator}{2}"
)
# What counts once in X's configuration (version 3); everything else counts twice.
_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

Counter = Callable[[str], int]


def links(text: str) -> list[str]:
    """The links in a text, as a network that needs no `https://` finds them."""
    return [found.group() for found in LINK.finditer(text)]


def hashtags(text: str) -> list[str]:
    """The hashtags, with their sign. Digits alone make none, nor does what is part of a link."""
    return [found.group() for found in _HASHTAG.finditer(LINK.sub(" ", text))]


def mentions(text: str) -> list[str]:
    """The accounts named with an @. An e-mail address names none."""
    return [found.group() for found in _MENTION.finditer(LINK.sub(" ", text))]


def characters(text: str) -> int:
    """Code points, after composition: é is one however it was typed."""
    return len(unicodedata.normalize("NFC", text))


def utf16(text: str) -> int:
    """UTF-16 code units: an emoji is at least two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def octets(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def graphemes(text: str) -> int:
    """What a reader sees as characters: a family emoji is one."""
    return len(_CLUSTER.findall(text))


def emoji_in_bytes(text: str) -> int:
    """Code points, except that each emoji counts as its bytes in UTF-8."""
    return sum(
        octets(part) if _EMOJI.search(part) else len(part)
        for part in _CLUSTER.findall(unicodedata.normalize("NFC", text))
    )


def weighted(text: str, *, link: int = 23) -> int:
    """X's count: links 23, an emoji 2 however it is joined, most scripts 1, the others 2."""
    text = unicodedata.normalize("NFC", text)
    found = len(links(text))
    rest = _CLUSTER.findall(LINK.sub("\n", text))
    return found * (link - 1) + sum(2 if _EMOJI.search(part) else _weight(part) for part in rest)


def shortened(text: str) -> str:
    """The text as Bluesky's app writes it: links without scheme, a long path cut to 13 and dots."""
    return str(LINK.sub(lambda found: _short(found.group()), text))


def fixed_links(text: str, *, link: int = 23) -> str:
    """The text as Mastodon counts it: each link 23 long, of @name@server only the name."""
    return str(_REMOTE.sub(r"\1", SCHEMED.sub("x" * link, text)))


def _weight(part: str) -> int:
    return sum(
        1 if any(low <= ord(letter) <= high for low, high in _LIGHT) else 2 for letter in part
    )


def _short(link: str) -> str:
    bare = regex.sub(r"^https?://(?:[^/@]*@)?", "", link, flags=regex.I)
    at = regex.search(r"[/?#]|$", bare).start()
    host, path = str(bare[:at]).lower(), str(bare[at:])
    if path == "/":
        path = ""
    return host + (path if len(path) <= 15 else f"{path[:13]}...")
