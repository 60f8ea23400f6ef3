"""Threads: 500, where each emoji counts as its bytes."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="threads",
    label="Threads",
    limit=500,
    unit="characters",
    count=counting.emoji_in_bytes,
    hashtags_wise=1,
    links_max=5,
    pictures_max=20,
    intent="https://www.threads.com/intent/post?text={text}",
    source_url="https://developers.facebook.com/documentation/threads/posts",
    checked_on=date(2026, 11, 22),
    notes="One topic tag a post; since 22 December 2025 six different links are refused.",
)
