"""The channels that send by themselves. What a supporter sends has none: `states.BY_SUPPORTER`."""

from collections.abc import Mapping
from typing import Final

from groundswell.delivery.channels.channel import Accepted, Channel
from groundswell.delivery.channels.email.channel import Email

__all__ = ["CHANNELS", "Accepted", "Channel"]

CHANNELS: Final[Mapping[str, Channel]] = {channel.name: channel for channel in (Email(),)}
