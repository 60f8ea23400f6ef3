"""A campaign's Texts tab: the overview, and one text with all that was said and decided of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.messengers import approval, claims, diff, queries
from groundswell.messengers import links as door
from groundswell.messengers import queries_statements as texts
from groundswell.messengers.models import Claim, Involvement, Side, StatementVersion
from groundswell.messengers.networks import NETWORKS
from groundswell.messengers.queries_statements import Row
from groundswell.studio.home import names
from groundswell.studio.messengers import pictures, preview, times, trail
from groundswell.studio.messengers.access import sees
from groundswell.studio.messengers.forms_statements import STATES, FilterForm

BADGES = {"draft": "draft", "waiting": "pending", "approved": "confirmed"}


@dataclass(frozen=True)
class Group:
    """A messenger's texts, and where they have none yet: (network, its name, language)."""

    name: str
    key: str
    rows: list[Row]
    missing: list[tuple[str, str, str]]


@sees
def index(request: HttpRequest, campaign_key: UUID) -> HttpResponseBase:
    """Every text of a campaign by messenger, network and language, with how far it is."""
    card = trail.campaign(campaign_key)
    away = "away" in request.GET
    rows = texts.overview(campaign_key=campaign_key, archived=away)
    form = FilterForm(request.GET, rows=rows)
    shown = form.shown(rows)
    parts = queries.parts(campaign_key=campaign_key)
    filtered = len(shown) != len(rows) or any(form.cleaned_data.values())
    context = {
        **trail.of_campaign(request, card, tab="texts"),
        "form": form,
        "groups": _groups(shown, [] if away or filtered else parts),
        "rows": rows,
        "shown": len(shown),
        "filtered": filtered,
        "away": away,
        "anybody_away": away or texts.anybody_away(campaign_key=campaign_key),
        "tiles": tiles(rows),
        "has_parts": bool(parts),
    }
    return render(request, "studio/messengers/texts.html", context)


def tiles(rows: list[Row]) -> list[tuple[str, int]]:
    """What the overview says first."""
    return [
        (_("Texts"), len(rows)),
        (_("Drafts"), sum(one.state == "draft" for one in rows)),
        (_("Wait for their yes"), sum(one.state == "waiting" for one in rows)),
        (_("Approved by both"), sum(one.state == "approved" for one in rows)),
    ]


@sees
def one(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """One text: how it will read, what it lacks, who said yes, what was said."""
    return show(request, row_of(campaign_key, key))


def show(
    request: HttpRequest, row: Row, *, status: int = 200, said: str = "", error: str = ""
) -> HttpResponseBase:
    """The page of a text, as it is at this moment. `said` is a remark that was not kept."""
    return render(request, "studio/messengers/text.html", {
        **context_of(request, row),
        "against": approval.problems(row.last) if row.ours is None else [],
        "claims": [(one, preview.WHY.get(one.why, one.why)) for one in row.last.claims.all()],
        "reasons": preview.REASONS,
        "sources": texts.sources(campaign_key=row.one.campaign_key),
        "sentences": _unmarked(row.last.text, row.last.claims.all()),
        "comments": list(row.one.comments.all()),
        "hearers": _hearers(row),
        "log": _log(row),
        "versions": row.last.number,
        "said": said,
        "error": error,
    }, status=status)  # fmt: skip


@sees
def changes(request: HttpRequest, campaign_key: UUID, key: UUID) -> HttpResponseBase:
    """Every version of a text, each with what changed in it."""
    row = row_of(campaign_key, key)
    versions = list(row.one.versions.all())
    pairs = zip([None, *versions], versions, strict=False)
    context = {
        **context_of(request, row, title=_("Versions"), below=True),
        "steps": [_step(before, after) for before, after in reversed(list(pairs))],
    }
    return render(request, "studio/messengers/text_changes.html", context)


def row_of(campaign_key: UUID, key: UUID) -> Row:
    """A text of that campaign. Raises Http404 for any other."""
    row = texts.row(key=key)
    if row is None or row.one.campaign_key != campaign_key:
        raise Http404
    return row


def name_of(row: Row) -> str:
    """What a text is called: Mira Solenne · Instagram · English."""
    who = row.one.messenger.name if row.one.messenger else _("For all")
    network = NETWORKS[row.one.network].label
    return " · ".join((who, network, names.language(row.one.language)))


def context_of(
    request: HttpRequest, row: Row, *, title: str = "", below: bool = False
) -> dict[str, Any]:
    """What the pages of one text have in common."""
    key = row.one.campaign_key
    above = [(reverse("messengers_texts", args=[key]), _("Texts"))]
    if below:
        above.append((reverse("messengers_text", args=[key, row.one.key]), name_of(row)))
    card = trail.campaign(key)
    return {
        **trail.of_campaign(request, card, tab="texts", title=title or name_of(row), above=above),
        "row": row,
        "name": name_of(row),
        "network": NETWORKS[row.one.network],
        "badge": BADGES[row.state],
        "state": STATES[row.state],
        "look": look_of(row),
        "pictures": pictures.of(row.last.pictures),
        "suggested": times.clocks(row.one.suggested_at, row.one.messenger),
        "embargo": times.clocks(row.one.embargo_until, row.one.messenger),
        "poster": row.one.messenger.name if row.one.messenger else _("A messenger"),
    }


def look_of(row: Row) -> preview.Look:
    """The newest version as its network shows it."""
    return preview.look(
        network=row.one.network,
        language=row.one.language,
        text=row.last.text,
        disclosure=row.last.disclosure,
        link=door.address(row.one.link) if row.one.link else "",
        alts=[alt for _image, alt in row.last.pictures],
        known=row.last.claims.all(),
    )


def _groups(rows: list[Row], parts: list[Involvement]) -> list[Group]:
    found: dict[str, list[Row]] = {}
    called: dict[str, str] = {"": _("For all of them")}
    for row in rows:
        who = row.one.messenger
        key = who.key.hex if who else ""
        found.setdefault(key, []).append(row)
        called[key] = who.name if who else called[""]
    missing = {one.messenger.key.hex: one for one in parts}
    for key, one in missing.items():
        called[key] = one.messenger.name
        found.setdefault(key, [])
    return [
        Group(called[key], key, mine, _missing(missing.get(key), mine))
        for key, mine in sorted(
            found.items(), key=lambda each: (each[0] != "", called[each[0]].casefold())
        )
    ]


def _missing(part: Involvement | None, rows: list[Row]) -> list[tuple[str, str, str]]:
    if part is None or part.status == "declined":
        return []
    there = {(row.one.network, row.one.language) for row in rows}
    used = dict.fromkeys(one.network for one in part.messenger.profiles.all())
    spoken = part.messenger.languages[:1] or ["en"]
    return [
        (network, NETWORKS[network].label, code)
        for network in used
        for code in spoken
        if network in NETWORKS and (network, code) not in there
    ]


def _unmarked(text: str, known: Iterable[Claim]) -> list[claims.Found]:
    marked = {one.start for one in known}
    return [one for one in claims.sentences(text) if one.start not in marked]


def _hearers(row: Row) -> list[tuple[str, str]]:
    """Who can be spoken to below a text: those who wrote, and all who may read it."""
    if row.one.messenger:
        return [("them", _("%(name)s’s side reads it") % {"name": row.one.messenger.name})]
    wrote = {
        said.messenger.key.hex: said.messenger.name
        for said in row.one.comments.all()
        if said.messenger
    }
    answers = [
        (key, _("Only %(name)s’s side reads it") % {"name": name}) for key, name in wrote.items()
    ]
    return [*answers, ("them", _("Every messenger’s side reads it"))]


def _log(row: Row) -> list[dict[str, Any]]:
    """What was decided, the newest first."""
    found = []
    for version in row.one.versions.all():
        found.append(
            {"at": version.at, "who": version.author, "what": "version", "n": version.number}
        )
        for yes in version.approvals.all():
            them = yes.messenger.name if yes.messenger and not row.one.messenger_id else ""
            side = {"side": yes.side, "n": version.number, "for": them, "ours": yes.side == Side.US}
            found.append({"at": yes.at, "who": yes.who, "what": "yes", **side})
            if yes.withdrawn_at:
                found.append(
                    {"at": yes.withdrawn_at, "who": yes.withdrawn_by, "what": "back", **side}
                )
    return sorted(found, key=lambda one: one["at"], reverse=True)


def _step(before: StatementVersion | None, after: StatementVersion) -> dict[str, Any]:
    """One version and what changed in it."""
    changed = []
    if before:
        pairs = (
            (_("Disclosure"), before.disclosure, after.disclosure),
            (_("Link"), before.link_code, after.link_code),
        )
        changed = [(name, old or "–", new or "–") for name, old, new in pairs if old != new]
    return {
        "one": after,
        "pieces": diff.pieces(before.text, after.text)
        if before
        else [diff.Piece("same", after.text)],
        "changed": changed,
        "pictures": before is not None and before.pictures != after.pictures,
        "words": before is None or before.text != after.text,
        "approvals": list(after.approvals.all()),
    }
