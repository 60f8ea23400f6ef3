"""The networks a statement can be written for, by their code. One file each."""

from collections.abc import Mapping
from typing import Final

from groundswell.messengers.networks import (
    bluesky,
    facebook,
    instagram,
    linkedin,
    mastodon,
    own,
    telegram,
    threads,
    tiktok,
    whatsapp,
    x,
    youtube,
)
from groundswell.messengers.networks.network import Measured, Network, measured

NETWORKS: Final[Mapping[str, Network]] = {
    one.code: one
    for one in (
        x.NETWORK,
        instagram.NETWORK,
        facebook.NETWORK,
        tiktok.NETWORK,
        youtube.NETWORK,
        threads.NETWORK,
        bluesky.NETWORK,
        mastodon.NETWORK,
        linkedin.NETWORK,
        telegram.NETWORK,
        whatsapp.NETWORK,
        own.NEWSLETTER,
        own.WEBSITE,
    )
}


def measure(network: str | Network, text: str, *, pictures: int = 0) -> Measured:
    """Count a text as that network does. Raises KeyError for a code that is none."""
    rules = NETWORKS[network] if isinstance(network, str) else network
    return measured(rules, text, pictures=pictures)
