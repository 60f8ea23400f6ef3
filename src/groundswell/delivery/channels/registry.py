"""The channels that send by themselves. What a supporter sends has none: `states.BY_SUPPORTER`."""

from collections.abc import Mapping
from typing import Final

from groundswell.delivery.channels.channel import Accepted, Channel

__all__ = ["CHANNELS", "Accepted", "Channel"]

CHANNELS: Final[Mapping[str, Channel]] = {}
