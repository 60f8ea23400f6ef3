"""One decision maker in detail, and what is about to change for many."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.base import clock
from groundswell.directory import queries, reading
from groundswell.directory.models import Area, ContactDetail, Listing, Membership, Person, Post
from groundswell.directory.queries import Dossier
from groundswell.directory.targets import Contact, Target
from groundswell.studio.delivery import words as delivery_words
from groundswell.studio.directory import words
from groundswell.studio.home import names


def contacts(target: Target | None) -> list[tuple[Contact, str, str]]:
    """(contact, what it is, what came back) for each way to reach somebody."""
    found = target.contacts if target else ()
    return [(one, words.type_(one.type), words.standing(one.standing)) for one in found]


def owner(key: str) -> Person | Post | None:
    """The row an organiser can set right: the person's, or the post's when nobody is named."""
    today = clock.now().date()
    row = reading.on(today).filter(target=key).first()
    if row is None:
        return None
    found = Person.objects.filter(key=row.person, current=True).first() if row.person else None
    return found or Post.objects.filter(key=row.post, current=True).first()


def seats(key: str, dossier: Dossier) -> list[dict[str, Any]]:
    """The offices somebody holds and held, with their dates; the newest first."""
    row = Listing.objects.filter(target=key).exclude(person="").first()
    person = row.person if row else key
    held = Membership.objects.filter(person=person, undone=False).exclude(post="")
    rows = list(held.order_by("-valid_from", "-pk"))
    roles = {
        post.key: post
        for post in Post.objects.filter(key__in={one.post for one in rows}).order_by("pk")
    }
    today = clock.now().date()
    return [
        {
            "role": roles[one.post].role if one.post in roles else one.post,
            "label": roles[one.post].label if one.post in roles else "",
            "since": one.valid_from,
            "until": one.valid_to,
            "over": one.valid_to is not None and one.valid_to < today,
        }
        for one in rows
    ] or _of_post(dossier)


def _of_post(dossier: Dossier) -> list[dict[str, Any]]:
    target = dossier.target
    if target is None:
        return []
    return [{"role": target.role, "label": target.area, "until": target.valid_to}]


def history(dossier: Dossier) -> list[dict[str, Any]]:
    """Corrections, reports and editions in one line of time, the newest first."""
    moments = [
        {
            "at": one.at,
            "what": _("Checked and found right")
            if one.kind == "check"
            else _("%(field)s set right") % {"field": words.field(one.field)},
            "before": "" if one.kind == "check" else words.nothing(one.before),
            "after": "" if one.kind == "check" else words.nothing(one.after),
            "note": "" if one.kind == "check" else one.note,
            "by": delivery_words.by(one.by),
        }
        for one in dossier.corrections
    ]
    moments += [
        {
            "at": one.at,
            "what": f"{words.standing(one.what)}: {one.contact.value.splitlines()[0]}",
            "note": one.note,
            "by": delivery_words.by(one.by),
        }
        for one in dossier.reports
    ]
    return sorted(moments, key=lambda moment: moment["at"], reverse=True)


def redrawn(target: Target | None) -> date | None:
    """The day from which this decision maker's seat lies in another area."""
    if target is None or not target.division:
        return None
    line = queries.above(target.division)
    rows = Area.objects.on(clock.now().date()).filter(key__in=line, redrawn_on__isnull=False)
    found: date | None = rows.values_list("redrawn_on", flat=True).first()
    # A map of the state is drawn for its seats; a senator's seat is the whole state.
    return found if target.division.count("/") > 2 else None


def news() -> list[str]:
    """What changes soon, each in a sentence for the top of the list."""
    today = clock.now().date()
    maps = Counter(
        Area.objects.on(today).filter(redrawn_on__isnull=False).values_list("country", "redrawn_on")
    )
    found = [
        ngettext(
            "%(country)s: %(number)s region gets new maps on %(day)s.",
            "%(country)s: %(number)s regions get new maps on %(day)s.",
            number,
        )
        % {"number": number, "country": names.country(country), "day": long_day(day)}
        for (country, day), number in sorted(maps.items())
    ]
    vacant = reading.on(today).filter(vacant=True).count()
    if vacant:
        words_ = ngettext("%(n)s seat is vacant.", "%(n)s seats are vacant.", vacant)
        found.append(words_ % {"n": vacant})
    return found


def ending(today: date, *, within: timedelta) -> list[tuple[date, str, int]]:
    """(last day, kind of office, how many) of terms that end soon."""
    rows = reading.on(today).filter(valid_to__lte=today + within)
    counted = Counter((day, kind) for day, kind in rows.values_list("valid_to", "kind") if day)
    return [(day, words.kind(kind), number) for (day, kind), number in sorted(counted.items())]


def contact_row(contact_id: int) -> ContactDetail | None:
    """A contact that still holds."""
    return ContactDetail.objects.filter(pk=contact_id, current=True).first()


def long_day(day: date) -> str:
    """A day as a sentence has it: 3 January 2027."""
    return str(format_date(day, "long", locale=names.locale()))
