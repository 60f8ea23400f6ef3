"""WhatsApp: 4,096, what its interface for programs takes."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="whatsapp",
    label="WhatsApp",
    limit=4096,
    unit="utf16",
    count=counting.utf16,
    intent="https://wa.me/?text={text}",
    source_url="https://docs.360dialog.com/docs/messaging/messaging",
    checked_on=date(2026, 11, 22),
    said_by="others",
    notes="The app takes more than its interface for programs, but publishes no number.",
)
