"""What a network allows in a post, and where it says so."""

from collections.abc import Callable
from datetime import date
from typing import Final, Literal
from urllib.parse import quote

import msgspec

from groundswell.messengers.networks import counting

Unit = Literal["weighted", "graphemes", "characters", "utf16", "bytes"]
# Who says so: the network in its own documents, press and tools (the network publishes none),
# or nobody, because the place is ours.
Said = Literal["network", "others", "ours"]
ADDRESS_MAX: Final = 8000  # more than a browser or a server surely takes in an address


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """One network's rules. 0 means that it has no such rule, or publishes none."""

    code: str
    label: str
    limit: int
    unit: Unit
    count: Callable[[str], int]
    # With a picture the text is a caption, which may be shorter.
    caption_limit: int = 0
    bytes_max: int = 0
    hashtags_max: int = 0
    # More than these are accepted, but not wise: the network ignores or punishes them.
    hashtags_wise: int = 0
    mentions_max: int = 0
    links_max: int = 0
    link_length: int = 0
    links_work: bool = True
    alt_max: int = 0
    pictures_max: int = 0
    needs_picture: bool = False
    # Opens the network with the text filled in ({text}), or the link ({url}), or both.
    intent: str = ""
    source_url: str = ""
    checked_on: date | None = None
    said_by: Said = "network"
    notes: str = ""

    def open_url(self, text: str, url: str = "") -> str:
        """An address that opens its app or page with the text filled in, "" where none exists.

        `url` is added to the text unless it is in there.
        """
        return opened(self.intent, text, url)


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How long a text is for a network. `over` names what it breaks: length, bytes, hashtags,
    mentions, links, pictures; `unwise` what it would take but not reward."""

    length: int
    limit: int
    left: int
    hashtags: int
    mentions: int
    links: int
    over: tuple[str, ...]
    unwise: tuple[str, ...]


def measured(network: Network, text: str, *, pictures: int = 0) -> Measured:
    """Count a text as the network does. Any text can be measured, the empty one too."""
    limit = network.caption_limit if pictures and network.caption_limit else network.limit
    length = network.count(text)
    tags = len(counting.hashtags(text))
    named = len(counting.mentions(text))
    links = len(set(counting.links(text)))
    checks = (
        ("length", length, limit),
        ("bytes", counting.octets(text), network.bytes_max),
        ("hashtags", tags, network.hashtags_max),
        ("mentions", named, network.mentions_max),
        ("links", links, network.links_max),
        ("pictures", pictures, network.pictures_max),
    )
    return Measured(
        length=length,
        limit=limit,
        left=limit - length,
        hashtags=tags,
        mentions=named,
        links=links,
        over=tuple(name for name, number, most in checks if most and number > most),
        unwise=tuple(_unwise(network, tags=tags, links=links, pictures=pictures)),
    )


def opened(intent: str, text: str, url: str) -> str:
    """The intent with its places filled. "" when that would be longer than addresses may be."""
    if "{url}" not in intent and url and url not in text:
        text = f"{text}\n{url}".strip()
    if "{url}" in intent and url:
        text = text.replace(url, "").strip()
    address = intent.replace("{text}", quote(text, safe="")).replace("{url}", quote(url, safe=""))
    return address if len(address) <= ADDRESS_MAX else ""


def _unwise(network: Network, *, tags: int, links: int, pictures: int) -> list[str]:
    found = []
    if network.hashtags_wise and tags > network.hashtags_wise:
        found.append("hashtags")
    if not network.links_work and links:
        found.append("links")
    if network.needs_picture and not pictures:
        found.append("picture")
    return found
