"""What a text needs before we say yes to it. Their yes needs ours and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from groundswell.messengers import links, writing
from groundswell.messengers.models import StatementVersion, TrackedLink
from groundswell.messengers.networks import NETWORKS, Measured, Network, measure

# Stands in for a link that is not chosen yet, so that the count is near what it will be.
EXAMPLE: Final = "https://example.org/k/x7p2x7"
OVER: Final[Mapping[str, Any]] = {
    "length": _("The text is too long for %(network)s."),
    "bytes": _(
        "The text takes more bytes than %(network)s allows: letters beyond a to z take more."
    ),
    "hashtags": _("There are more hashtags than %(network)s allows."),
    "mentions": _("There are more mentions than %(network)s allows."),
    "links": _("There are more links than %(network)s allows."),
    "pictures": _("There are more pictures than %(network)s allows."),
}


@dataclass(frozen=True)
class Problem:
    """One thing that stands against a yes: where (a field of the editor), and in words."""

    field: str
    words: str


class NotReady(Exception):
    """The text cannot be approved yet; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(one.words for one in problems))
        self.problems = problems


class Changed(Exception):
    """What was read is not what would be approved: a newer version, or a yes taken back."""


def problems(version: StatementVersion) -> list[Problem]:
    """All that keeps us from approving this version, the text's first; empty if nothing does."""
    network = NETWORKS[version.statement.network]
    link = TrackedLink.objects.filter(code=version.link_code).first() if version.link_code else None
    return [
        *_of_text(version, network, links.address(link) if link else ""),
        *_of_link(version, link),
        *_of_alts(network, (alt for _image, alt in version.pictures)),
        *_of_claims(version),
    ]


def measured(
    network: str, text: str, *, disclosure: str = "", link: str = "", pictures: int = 0
) -> Measured:
    """Count what is posted: with the disclosure, and the link as this network shortens it."""
    whole = writing.posted(text, disclosure=disclosure, link=link or EXAMPLE)
    return measure(network, whole, pictures=pictures)


def over(network: Network, found: Measured) -> list[str]:
    """What breaks the network's rules, in words."""
    return [str(OVER[one] % {"network": network.label}) for one in found.over]


def _of_text(version: StatementVersion, network: Network, link: str) -> list[Problem]:
    if not version.text.strip():
        return [Problem("text", str(_("There is no text yet.")))]
    found = measured(
        network.code, version.text, disclosure=version.disclosure, link=link,
        pictures=len(version.pictures),
    )  # fmt: skip
    told = [Problem("text", words) for words in over(network, found)]
    if network.needs_picture and not version.pictures:
        words = _("%(network)s takes no post without a picture or film.")
        told.append(Problem("pictures", str(words % {"network": network.label})))
    return told


def _of_link(version: StatementVersion, link: TrackedLink | None) -> list[Problem]:
    if writing.LINK in version.text and link is None:
        return [Problem("link", str(_("The text says {link}, but no link is chosen.")))]
    if link is not None and link.retired_at is not None:
        return [Problem("link", str(_("The chosen link is retired: it leads nowhere.")))]
    return []


def _of_alts(network: Network, alts: Iterable[str]) -> list[Problem]:
    found = []
    for number, alt in enumerate(alts, start=1):
        if not alt.strip():
            words = _("Picture %(number)s has no alternative text: say what it shows.")
            found.append(Problem("pictures", str(words % {"number": number})))
        elif network.alt_max and len(alt) > network.alt_max:
            words = _(
                "The alternative text of picture %(number)s is longer than %(network)s allows"
                " (%(limit)s)."
            )
            values = {"number": number, "network": network.label, "limit": network.alt_max}
            found.append(Problem("pictures", str(words % values)))
    return found


def _of_claims(version: StatementVersion) -> list[Problem]:
    number = sum(not one.settled for one in version.claims.all())
    if not number:
        return []
    words = ngettext(
        "%(n)s claim has no source yet: tie it to one, or waive it with a reason.",
        "%(n)s claims have no source yet: tie each to one, or waive it with a reason.",
        number,
    )
    return [Problem("claims", words % {"n": number})]
