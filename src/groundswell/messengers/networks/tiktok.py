"""TikTok: a caption of 2,200 UTF-16 units."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="tiktok",
    label="TikTok",
    limit=2200,
    unit="utf16",
    count=counting.utf16,
    links_work=False,
    pictures_max=35,
    needs_picture=True,
    source_url="https://developers.tiktok.com/doc/content-posting-api-reference-direct-post",
    checked_on=date(2026, 11, 22),
    notes=(
        "For a video; pictures may have 4,000. Links in a caption cannot be tapped: put the link "
        "into the profile."
    ),
)
