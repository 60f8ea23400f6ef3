"""Bluesky: 300 graphemes and 3,000 bytes, links counted as the app shows them."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="bluesky",
    label="Bluesky",
    limit=300,
    unit="graphemes",
    count=lambda text: counting.graphemes(counting.shortened(text)),
    bytes_max=3000,
    alt_max=2000,
    pictures_max=4,
    intent="https://bsky.app/intent/compose?text={text}",
    source_url="https://docs.bsky.app/docs/advanced-guides/intent-links",
    checked_on=date(2026, 11, 22),
    notes="The bytes are from the record (app.bsky.feed.post: maxGraphemes 300, maxLength 3000).",
)
