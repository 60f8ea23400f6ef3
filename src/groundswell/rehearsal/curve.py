"""How visitors arrive after a post: straight up to the peak, then down, perhaps with a tail."""

import math
from typing import Final, Literal

import msgspec

Tail = Literal["long", "exponential"]
# A post is passed on, so its fall has a tail. With this exponent and half an hour to half the peak,
# half of a day's visitors come in the first two hours. The one link whose day was published was
# flatter (83 % after 15 hours, here 93 %): what is rehearsed errs towards the harder hour.
_POWER: Final = 1.3
_STEP: Final = 2 ** (1 / _POWER) - 1
QUARTER: Final = 0.25


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """`visitors` come within `length` seconds; the rate peaks after `rise` and halves in `half`."""

    visitors: float
    rise: float
    half: float
    length: float
    tail: Tail = "long"

    @property
    def peak(self) -> float:
        """Visitors a second at the peak."""
        return self.visitors / (self.rise / 2 + self._fallen(self.length - self.rise))

    def rate(self, at: float) -> float:
        """Visitors a second at a moment after the post."""
        if not 0 <= at <= self.length:
            return 0.0
        if at < self.rise:
            return self.peak * at / self.rise
        return self.peak * self._share(at - self.rise)

    def until(self, at: float) -> float:
        """How many have come by then."""
        at = min(max(at, 0.0), self.length)
        if at < self.rise:
            return self.peak * at * at / (2 * self.rise)
        return self.peak * (self.rise / 2 + self._fallen(at - self.rise))

    @property
    def crest(self) -> float:
        """When the rate has fallen to a quarter of the peak: by then the worst is over."""
        if self.tail == "exponential":
            after = 2 * self.half
        else:
            after = self.half / _STEP * (QUARTER ** (-1 / _POWER) - 1)
        return min(self.length, self.rise + after)

    def _share(self, after: float) -> float:
        """The rate at `after` the peak, as a share of the peak's."""
        if self.tail == "exponential":
            return math.exp2(-after / self.half)
        return float((1 + after * _STEP / self.half) ** -_POWER)

    def _fallen(self, after: float) -> float:
        """The integral of `_share` from the peak on."""
        if self.tail == "exponential":
            return self.half / math.log(2) * (1 - math.exp2(-after / self.half))
        width = self.half / _STEP
        return float(width / (_POWER - 1) * (1 - (1 + after / width) ** (1 - _POWER)))
