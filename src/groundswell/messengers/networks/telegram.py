"""Telegram: 4,096 for a message, 1,024 under a picture."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="telegram",
    label="Telegram",
    limit=4096,
    caption_limit=1024,
    unit="utf16",
    count=counting.utf16,
    pictures_max=10,
    intent="https://t.me/share/url?url={url}&text={text}",
    source_url="https://core.telegram.org/bots/api#sendmessage",
    checked_on=date(2026, 11, 22),
    notes="Subscribers of Premium may write longer captions.",
)
