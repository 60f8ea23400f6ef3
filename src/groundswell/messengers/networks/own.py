"""Places without a network's rules: a messenger's own newsletter and site."""

from typing import Final

from groundswell.messengers.networks import counting
from groundswell.messengers.networks.network import Network

_LONG: Final = 100_000

NEWSLETTER: Final = Network(
    code="newsletter",
    label="Newsletter",
    limit=_LONG,
    unit="characters",
    count=counting.characters,
    intent="mailto:?body={text}",
    said_by="ours",
    notes="There is no rule; this limit is ours, so that a text stays a text.",
)
WEBSITE: Final = Network(
    code="website",
    label="Website",
    limit=_LONG,
    unit="characters",
    count=counting.characters,
    said_by="ours",
    notes="There is no rule; this limit is ours, so that a text stays a text.",
)
