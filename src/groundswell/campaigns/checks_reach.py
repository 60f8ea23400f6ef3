"""What would keep a letter or a call from reaching anybody, in an organiser's words, by field."""

from typing import Final

from django.utils.translation import gettext as _

from groundswell.campaigns import offices, reach
from groundswell.campaigns.reach import Aim
from groundswell.directory import queries as directory
from groundswell.kinds.letter.marks import MARKS, unknown

Problems = dict[str, str]
MOST_NAMED: Final = 3


def chosen(aim: Aim) -> Problems:
    """Nobody chosen, or offices of which no one lookup knows."""
    if not (aim.own or aim.lists or aim.keys):
        return {"keys": _("Choose who gets it: the supporter's own, a list, or single people.")}
    if aim.own and not offices.country_of(aim.own):
        return {"own": _("These offices are of different countries. Choose one country's.")}
    return {}


def reachable(aim: Aim) -> Problems:
    """The supporter's own where we cannot find out who that is, or nobody left of those chosen."""
    problems = chosen(aim)
    if problems:
        return problems
    if aim.own and directory.crosswalk_edition(offices.country_of(aim.own)) is None:
        words = _(
            "We know no postcodes of this country yet, so we cannot find a supporter's own. "
            "Ask whoever runs this server to load them."
        )
        return {"own": words}
    if not aim.own and not reach.chosen(aim):
        return {"keys": _("Nobody who was chosen is in office any more. Choose again.")}
    return {}


def marks(subject: str, body: str) -> Problems:
    """Marks that nobody replaces."""
    wrong = {"subject": unknown(subject), "body": unknown(body)}
    return {field: _unknown(names) for field, names in wrong.items() if names}


def text(*, subject: str, body: str, limit: int) -> Problems:
    """Marks that nobody replaces, and more than the channel takes."""
    found = marks(subject, body)
    if len(body) > limit:
        found["body"] = _(
            "This is %(length)d characters long. The way it goes out takes %(limit)d at most."
        ) % {"length": len(body), "limit": limit}
    return found


def _unknown(wrong: list[str]) -> str:
    return _("Nothing replaces %(wrong)s, so it would be sent as it stands. We know: %(known)s") % {
        "wrong": ", ".join(f"{{{name}}}" for name in wrong[:MOST_NAMED]),
        "known": " ".join(f"{{{name}}}" for name in MARKS),
    }
