"""Mastodon: 500 by default, links 23, of @name@server only the name."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="mastodon",
    label="Mastodon",
    limit=500,
    unit="graphemes",
    count=lambda text: counting.graphemes(counting.fixed_links(text)),
    link_length=23,
    alt_max=1500,
    pictures_max=4,
    source_url="https://docs.joinmastodon.org/user/posting/",
    checked_on=date(2026, 11, 22),
    notes="A server may allow more; 500 is what every one allows. Links need https:// to work.",
)
