"""A draft looked at as its network will: the count, what breaks the rules, how it will read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import regex
from django.utils.translation import gettext_lazy as _

from groundswell.messengers import approval, claims, writing
from groundswell.messengers.claims import Found, same_words
from groundswell.messengers.models import Claim
from groundswell.messengers.networks import NETWORKS, Measured, Network, counting

# Where Instagram hides the rest of a caption behind “more”, about.
FOLDS: Final = {"instagram": 125}
UNITS: Final = {
    "weighted": _("A link counts 23, an emoji 2, most letters 1; Chinese, Japanese, Korean 2."),
    "graphemes": _("What a reader sees as one sign counts one: a family emoji, too."),
    "characters": _("Each character counts one; an emoji may be several."),
    "utf16": _("Each character counts one, an emoji two or more."),
    "bytes": _("Counted in bytes: letters beyond a to z take more."),
}
UNWISE: Final = {
    "hashtags": _("%(network)s takes so many hashtags, but gives them little reach: use fewer."),
    "links": _("A link in a text cannot be tapped on %(network)s: have it put into the profile."),
    "picture": _("%(network)s takes no post without a picture or film."),
}
WHY: Final = {
    "percentage": _("a percentage"),
    "year": _("a year"),
    "number": _("a number"),
    "superlative": _("a superlative"),
    "study": _("somebody's finding"),
    "": _("marked by an organiser"),
}
# Reasons that come often, so that an honest one costs no typing.
REASONS: Final = (
    _("It is no claim of fact"),
    _("It is what the messenger lived through"),
    _("It is an opinion, and reads like one"),
)
_MARKED: Final = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}_&/#])[#＃][\p{L}\p{M}\p{N}_]*[\p{L}\p{M}][\p{L}\p{M}\p{N}_]*"
    r"|(?<![\p{L}\p{N}_/.@])[@＠][\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?"
)


@dataclass(frozen=True)
class Part:
    """A stretch of the text as it will read: plain, or a link, hashtag or mention in colour."""

    kind: str
    text: str


@dataclass(frozen=True)
class Look:
    """All that the editor says of a draft while it is written."""

    network: Network
    found: Measured
    parts: list[Part]
    folded: list[Part]
    over: list[str]
    unwise: list[str]
    how: str
    link: str
    shown_link: str
    claims: list[tuple[Found, Any, Claim | None]]
    disclosure_counts: int
    missing_alts: int

    @property
    def percent(self) -> int:
        """How full it is, for the bar."""
        return min(100, round(100 * self.found.length / max(1, self.found.limit)))

    @property
    def too_many(self) -> int:
        """How much must go; 0 while it fits."""
        return max(0, -self.found.left)

    @property
    def open_claims(self) -> int:
        """How many claims have neither a source nor a reason."""
        return sum(settled is None for _found, _why, settled in self.claims)

    @property
    def state(self) -> str:
        """The bar's colour: over, near the end, or fine."""
        if "length" in self.found.over or "bytes" in self.found.over:
            return "over"
        return "near" if self.found.left <= max(20, self.found.limit // 20) else "fine"


def look(
    *,
    network: str,
    language: str,
    text: str,
    disclosure: str = "",
    link: str = "",
    alts: Sequence[str] = (),
    known: Iterable[Claim] = (),
) -> Look:
    """Look at a draft. `known` are the claims of its newest version, settled or not."""
    rules = NETWORKS[network]
    whole = writing.posted(text, disclosure=disclosure, link=link or approval.EXAMPLE)
    bare = writing.posted(text, link=link or approval.EXAMPLE)
    count = approval.measured(network, text, disclosure=disclosure, link=link, pictures=len(alts))
    parts = _parts(whole)
    shown, folded = _fold(parts, FOLDS.get(network, 0))
    return Look(
        network=rules,
        found=count,
        parts=shown,
        folded=folded,
        over=approval.over(rules, count),
        unwise=[str(UNWISE[one] % {"network": rules.label}) for one in count.unwise],
        how=str(UNITS[rules.unit]),
        link=link,
        shown_link=_shown(link or approval.EXAMPLE),
        claims=_claims(text, language, list(known)),
        disclosure_counts=rules.count(whole) - rules.count(bare),
        missing_alts=sum(not alt.strip() for alt in alts),
    )


def _claims(text: str, language: str, known: list[Claim]) -> list[tuple[Found, Any, Claim | None]]:
    settled = {same_words(one.text): one for one in known if one.settled}
    marked = [one.text for one in known if not one.why]
    return [
        (one, WHY[one.why], settled.get(same_words(one.text)))
        for one in claims.with_marked(text, language, marked)
    ]


def _parts(text: str) -> list[Part]:
    """The text in stretches; links as they are shown, without their scheme."""
    links = [(one.start(), one.end(), "link") for one in counting.LINK.finditer(text)]
    places = links + [
        (one.start(), one.end(), "tag")
        for one in _MARKED.finditer(text)
        if not any(start <= one.start() < end for start, end, _kind in links)
    ]
    found, at = [], 0
    for start, end, kind in sorted(places):
        found.append(Part("", text[at:start]))
        words = text[start:end]
        found.append(Part(kind, _shown(words) if kind == "link" else words))
        at = end
    return [one for one in [*found, Part("", text[at:])] if one.text]


def _shown(link: str) -> str:
    return link.partition("://")[2] or link


def _fold(parts: list[Part], after: int) -> tuple[list[Part], list[Part]]:
    """What stands before “more”, and what behind it."""
    shown: list[Part] = []
    left = after
    for place, one in enumerate(parts):
        if after and len(one.text) > left:
            cut = one.text.rfind(" ", 0, left + 1) if one.kind == "" else 0
            cut = cut if cut > 0 else (left if one.kind == "" else 0)
            rest = [Part(one.kind, one.text[cut:]), *parts[place + 1 :]]
            return [*shown, Part(one.kind, one.text[:cut])], rest
        shown.append(one)
        left -= len(one.text)
    return shown, []
