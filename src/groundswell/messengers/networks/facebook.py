"""Facebook: 63,206, the one number it ever gave."""

from datetime import date
from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

NETWORK: Final = Network(
    code="facebook",
    label="Facebook",
    limit=63206,
    unit="characters",
    count=counting.characters,
    pictures_max=10,
    intent="https://www.facebook.com/sharer/sharer.php?u={url}",
    source_url="http://www.digitaltrends.com/mobile/facebook-increases-limit-for-status-updates-to-63206-characters/",
    checked_on=date(2026, 11, 22),
    said_by="others",
    notes="Told to the press in 2011, in no document. Its window takes the link, not the text.",
)
