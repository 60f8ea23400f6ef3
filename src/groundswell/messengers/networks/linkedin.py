"""LinkedIn: 3,000 characters."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="linkedin",
    label="LinkedIn",
    limit=3000,
    unit="utf16",
    count=counting.utf16,
    pictures_max=20,
    intent="https://www.linkedin.com/sharing/share-offsite/?url={url}",
    source_url="https://www.ayrshare.com/docs/apis/post/social-networks/linkedin.md",
    checked_on=date(2026, 11, 22),
    said_by="others",
    notes=(
        "How it counts an emoji is not published; it is counted as two here, the longer way. Its "
        "window takes the link, not the text."
    ),
)
