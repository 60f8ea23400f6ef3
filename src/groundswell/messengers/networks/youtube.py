"""YouTube: a description of 5,000 bytes."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="youtube",
    label="YouTube",
    limit=5000,
    unit="bytes",
    count=counting.octets,
    hashtags_wise=60,
    source_url="https://developers.google.com/youtube/v3/docs/videos",
    checked_on=date(2026, 11, 22),
    notes="The description of a video. With more than 60 hashtags it ignores them all.",
)
