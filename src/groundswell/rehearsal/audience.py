"""A scenario made from those who will post: their followers, and how many of them follow a link.

Several posts become one surge, as if all came at the same minute: the hardest case.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from groundswell.base.errors import Trouble
from groundswell.rehearsal import scenario
from groundswell.rehearsal.scenario import Figure, Mix, Scenario, ShareFigure

FIRST_LANGUAGE: Final = 0.7
_BEST: Final = 0.001435


class Share(msgspec.Struct, frozen=True):
    """Which share of followers follows a link, and where that is from."""

    value: float
    source: str


# Documented shares, and what follows from them. Where two are known the harder is taken.
DOCUMENTED: Final = Share(
    _BEST,
    "the best documented share, Vote.gov, 10-11 September 2024: 405,999 visitors in 24 hours "
    "through one celebrity's link, posted to about 283 million followers (0.14 %)",
)
SHARES: Final[dict[str, Share]] = {
    "instagram": DOCUMENTED,
    "x": Share(
        0.0028,
        "bit.ly clicks for each follower of what was then the most followed account, D. Zarrella "
        "2010 (danzarrella.com/celeb-ctrs.html: 0.28 %), and P. Scott 2013 found 0.06 % for the "
        "most followed (onlinejournalismblog.com). The harder one is taken",
    ),
    "facebook": Share(
        0.0002,
        "a post reaches 2.3 % of a page with more than a million (Locowise 2015), and 0.8 % of "
        "those follow its link (Fanpage Karma 2021, profiles above 500,000)",
    ),
    "newsletter": Share(
        0.02, "Assumption: two of a hundred readers follow a link, no celebrity's list is published"
    ),
}
_OTHERS: Final = Share(
    _BEST, "Assumption: no share is published for this network, so that of the best documented link"
)


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """One account that will post. `click_share` None: the network's usual one."""

    network: str
    followers: int
    click_share: float | None = None
    name: str = ""

    @property
    def share(self) -> Share:
        """The share to reckon with, and who says so."""
        if self.click_share is not None:
            return Share(self.click_share, "set in the roster")
        return SHARES.get(self.network, _OTHERS)

    @property
    def visitors(self) -> float:
        """How many will come in a day."""
        return self.followers * self.share.value


def made_of(
    audiences: Sequence[Audience], *, title: str, languages: Sequence[str] = ()
) -> Scenario:
    """The scenario of all of them posting at once; all but who comes is as in the default one.

    Raises Trouble when none of them has a follower who comes.
    """
    followers = sum(one.followers for one in audiences)
    visitors = sum(one.visitors for one in audiences)
    if visitors <= 0:
        raise Trouble(
            f"{title}: nobody would come. Give at least one profile a number of followers, and a "
            "click share above 0"
        )
    usual = scenario.find(scenario.DEFAULT)
    return msgspec.structs.replace(
        usual,
        name="messenger",
        title=title,
        about=f"{len(audiences)} account{'' if len(audiences) == 1 else 's'} of the roster, all "
        "posting in the same minute.",
        followers=Figure(followers, "; ".join(_count(one) for one in audiences)),
        click_share=ShareFigure(
            visitors / followers, "; ".join(dict.fromkeys(map(_share, audiences)))
        ),
        languages=_languages(languages) or usual.languages,
    )


def _count(one: Audience) -> str:
    return f"{one.followers:,} on {one.network} ({one.name or 'roster'})"


def _share(one: Audience) -> str:
    return f"{one.network} {one.share.value * 100:.3g} %: {one.share.source}"


def _languages(languages: Sequence[str]) -> Mix | None:
    """The first language for most, the others in equal parts."""
    codes = list(dict.fromkeys(languages))
    if not codes:
        return None
    rest = codes[1:]
    shares = {codes[0]: FIRST_LANGUAGE if rest else 1.0}
    shares |= dict.fromkeys(rest, (1 - FIRST_LANGUAGE) / len(rest) if rest else 0.0)
    return Mix(
        shares,
        "Assumption from the languages in the roster: the first for seven of ten, the rest evenly",
    )
