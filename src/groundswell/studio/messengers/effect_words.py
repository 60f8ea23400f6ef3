"""What the parts of an effect are called, in the organiser's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.messengers.effect import Acted
from groundswell.messengers.networks import NETWORKS
from groundswell.studio.home import names


def network(code: str) -> str:
    """A network's name; a link may be for none."""
    if not code:
        return _("No network named")
    found = NETWORKS.get(code)
    return found.label if found else code


def owner(name: str) -> str:
    """A messenger's name; the campaign's own links have none."""
    return name or _("The campaign's own links")


def country(code: str) -> str:
    """A country's name."""
    return names.country(code) if code else _("Not known")


def language(code: str) -> str:
    """A language's name."""
    return names.language(code) if code else _("Not known")


def acted(kind: str, number: int) -> str:
    """So many signatures, letters, calls or co-signatures, without the number itself."""
    words = {
        "petition": ngettext("signature", "signatures", number),
        "letter": ngettext("letter", "letters", number),
        "call": ngettext("call", "calls", number),
        "open_letter": ngettext("co-signature", "co-signatures", number),
    }
    return words.get(kind) or ngettext("action", "actions", number)


def by_kind(rows: tuple[Acted, ...]) -> list[tuple[str, int]]:
    """The kinds of action with the number that counts, the largest first."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.kind] = found.get(row.kind, 0) + row.counted
    return sorted(found.items(), key=lambda one: -one[1])
