"""Instagram: a caption of 2,200, with hashtags that became few."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="instagram",
    label="Instagram",
    limit=2200,
    unit="characters",
    count=counting.characters,
    hashtags_max=30,
    hashtags_wise=5,
    mentions_max=20,
    links_work=False,
    alt_max=1000,
    pictures_max=10,
    needs_picture=True,
    source_url="https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media",
    checked_on=date(2026, 11, 22),
    notes=(
        "Its interface takes 30 hashtags; on 18 December 2025 it announced that the app takes "
        "five, account by account. Links in a caption cannot be tapped: put them into the profile."
    ),
)
