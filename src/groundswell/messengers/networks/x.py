"""X: 280 by weight, after its own library's configuration, version 3."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="x",
    label="X",
    limit=280,
    unit="weighted",
    count=counting.weighted,
    link_length=23,
    alt_max=1000,
    pictures_max=4,
    intent="https://x.com/intent/post?text={text}",
    source_url="https://docs.x.com/fundamentals/counting-characters",
    checked_on=date(2026, 11, 22),
    notes="Accounts that pay may write more; a text within 280 can be posted by everybody.",
)
