"""Which sentences of a draft say that something is so. Pure, and rather blind than a nuisance.

It knows numbers in any script everywhere, and more in the languages of `claims_words`. Whoever
writes can mark a sentence that it did not see, and waive one that is no claim.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple

import regex

from groundswell.messengers.claims_words import WORDS
from groundswell.messengers.networks import counting

Why = Literal["percentage", "year", "number", "superlative", "study", ""]


class Found(NamedTuple):
    """A sentence and its place in the text. `why` made us ask; "" where an organiser marked it."""

    start: int
    end: int
    text: str
    why: str


# What ends a sentence; a point only before a space, so that 1.5 and example.org stay whole.
_END: Final = regex.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？．｡।።։؟۔]+[\"'”’»」』）)]*|\n+")
# A point that ends no sentence: after an ordinal (5. Juni), a letter (J. Smith) or a short form.
_NO_END: Final = regex.compile(
    r"(?:(?<!\p{Nd})\p{Nd}{1,2}|(?<!\p{L})\p{Lu}"
    r"|(?<!\p{L})(?:dr|mr|mrs|ms|prof|st|nr|ca|approx|vs|bzw|mme|sr|sra))$",
    regex.IGNORECASE,
)
_NAMES: Final = regex.compile(r"[#＃@＠][\p{L}\p{M}\p{N}_.]+|\{link\}")
# Numbers that claim nothing: list marks and thread counts, times of day, days of a month, parts of
# a name (COP30, CO2, 5G), and how little time it takes.
_MONTH: Final = (
    r"(?:jan|feb|mar|apr|may|mai|mayo|maio|maggio|mei|jun|jul|juin|juil|aug|août|ago|sep|set|oct|"
    r"okt|out|ott|nov|dec|dez|déc|dic|gen|ene|abr|fév|fev|avr|янв|фев|мар|апр|мая|июн|июл|авг|сен|"
    r"окт|ноя|дек|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر)"
    r"\p{L}*\.?"
)
_HARMLESS: Final = regex.compile(
    r"(?m:^)\s*[(\[]?\p{Nd}{1,2}(?:[.)\]]\s|/\p{Nd}{0,2}[)\]]?)"
    r"|[(\[]?(?<!\p{Nd})\p{Nd}{1,2}/\p{Nd}{1,2}[)\]]?\s*$"
    r"|\p{Nd}{1,2}[:h]\p{Nd}{2}(?:\s?[ap]\.?m\.?)?|\p{Nd}{1,2}\s?(?:[ap]\.?m\b\.?|uhr\b|h\b|時|点)"
    rf"|\p{{Nd}}{{1,2}}(?:st|nd|rd|th|er|º|ª|\.)?\s(?:of\s|de\s|d[’'])?{_MONTH}"
    rf"|(?<!\p{{L}}){_MONTH}\s\p{{Nd}}{{1,2}}(?:st|nd|rd|th)?(?!\p{{Nd}})"
    r"|\p{Nd}{1,2}\s?[月日](?!間)"
    r"|(?<=[\p{Latin}\p{Cyrillic}\p{Greek}])[-‑]?\p{Nd}+(?:[.,]\p{Nd}+)?(?!\s?[%٪％])"
    r"|(?<!\p{Nd})\p{Nd}[GD]\b"
    r"|\p{Nd}{1,2}[\s-]?(?:sec|min|click|klick|clic|sekund|secund|segund|секунд|минут|хвилин|"
    r"دقيق|دقائق|ثانية|ثوان|saniye|dakika|phút|giây|分で|秒で|分钟|分鐘|秒钟|초|분)\p{L}*",
    regex.IGNORECASE,
)
_PERCENT: Final = regex.compile(r"\p{Nd}\s?[%٪﹪％]|[%٪]\s?\p{Nd}")
_YEAR: Final = regex.compile(r"(?<![\p{Nd}.,])(?:1[5-9]|20)\p{Nd}{2}(?![\p{Nd}]|[.,]\p{Nd})")
_NUMBER: Final = regex.compile(
    r"\p{Nd}|[一二三四五六七八九十两兩数數几幾]+[百千万萬億亿兆]|[一二三四五六七八九]割"
)


def sentences(text: str) -> list[Found]:
    """The sentences of a text with their places, in order."""
    return [_trimmed(text, start, end) for start, end in _spans(_masked(text, _plain_names(text)))]


def find(text: str, language: str) -> list[Found]:
    """The sentences that claim something, each with the plainest reason for asking."""
    masked = _masked(text, _plain_names(text))
    found = []
    for start, end in _spans(masked):
        why = _why(masked[start:end], language)
        if why:
            found.append(_trimmed(text, start, end)._replace(why=why))
    return found


def with_marked(text: str, language: str, marked: Iterable[str]) -> list[Found]:
    """What is found, and the sentences that somebody marked by hand, in order of place."""
    found = {one.start: one for one in find(text, language)}
    known = {same_words(one) for one in marked}
    for one in sentences(text):
        if same_words(one.text) in known:
            found.setdefault(one.start, one)
    return [found[start] for start in sorted(found)]


def same_words(text: str) -> str:
    """What is equal for sentences that differ in spaces and capitals alone."""
    return " ".join(text.split()).casefold()


def _why(sentence: str, language: str) -> Why:
    plain = _masked(sentence, _HARMLESS.finditer(sentence))
    words = WORDS.get(language.partition("-")[0].lower())
    if _PERCENT.search(plain):
        return "percentage"
    if words and words.study.search(sentence):
        return "study"
    if _YEAR.search(_latin(plain)):
        return "year"
    if _NUMBER.search(plain) or (words and words.quantity.search(sentence)):
        return "number"
    if words and words.superlative.search(sentence):
        return "superlative"
    return ""


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for one in _END.finditer(text):
        if (
            one.group() == "."
            and one.end() < len(text)
            and _NO_END.search(text[max(0, one.start() - 12) : one.start()])
        ):
            continue
        if text[start : one.end()].strip():
            yield start, one.end()
        start = one.end()
    if text[start:].strip():
        yield start, len(text)


def _trimmed(text: str, start: int, end: int) -> Found:
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    return Found(first, first + len(words.strip()), words.strip(), "")


def _plain_names(text: str) -> Iterator[Any]:
    """Links, hashtags, mentions: a number in a name claims nothing, a point in it ends nothing."""
    yield from counting.LINK.finditer(text)
    yield from _NAMES.finditer(text)


def _masked(text: str, places: Iterable[Any]) -> str:
    """The text with those places made unreadable, each letter staying where it was."""
    letters = list(text)
    for one in places:
        letters[one.start() : one.end()] = "_" * (one.end() - one.start())
    return "".join(letters)


def _latin(text: str) -> str:
    """The text with every script's digits as 0 to 9, each in its place."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
