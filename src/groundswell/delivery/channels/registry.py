"""The channels that send by themselves. What a supporter sends has none: `states.BY_SUPPORTER`."""

from collections.abc import Callable, Mapping
from typing import Final

from groundswell.delivery.channels.channel import Accepted, Channel
from groundswell.delivery.channels.cwc import channel as cwc
from groundswell.delivery.channels.email.channel import Email
from groundswell.delivery.channels.webhook import channel as webhook

__all__ = ["CHANNELS", "Accepted", "Channel", "is_on"]

CHANNELS: Final[Mapping[str, Channel]] = {
    channel.name: channel for channel in (Email(), cwc.Cwc(), webhook.Webhook())
}
# Those that send nothing before an operator has named their other side.
_SWITCHES: Final[Mapping[str, Callable[[], bool]]] = {"cwc": cwc.is_on, "webhook": webhook.is_on}


def is_on(name: str) -> bool:
    """Whether this installation can send by that channel, as its settings are."""
    return name in CHANNELS and _SWITCHES.get(name, lambda: True)()
