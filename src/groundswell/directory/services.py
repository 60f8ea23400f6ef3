"""What changes the directory. Every change is kept beside what it replaced."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from groundswell.base import clock
from groundswell.base.errors import Trouble
from groundswell.directory import checks, editions, listings
from groundswell.directory.importing.draft import Draft
from groundswell.directory.lists import Rule
from groundswell.directory.models import (
    Area,
    ContactDetail,
    Correction,
    Edition,
    ImportRow,
    Listing,
    Membership,
    Person,
    Post,
    Report,
    Row,
    Source,
    TargetList,
)
from groundswell.directory.records import AreaRecord

load = editions.load
CORRECTABLE: Final[dict[str, tuple[type[Row], tuple[str, ...]]]] = {
    "contact": (ContactDetail, ("value", "label", "note", "hours", "zone", "city")),
    "person": (
        Person,
        ("name", "given_name", "family_name", "honorific", "party", "salutation", "language"),
    ),
    "post": (Post, ("role", "label", "salutation", "language")),
}


def take_in(
    *,
    draft: Draft,
    by: str,
    replace: bool = False,
    starts_on: date | None = None,
    watch: editions.Watch | None = None,
) -> tuple[Edition | None, editions.Counts]:
    """Load a draft's good rows as the next edition of its list, and keep what was refused.

    Raises editions.TooMuchGone unless `replace`, and Trouble; then nothing was loaded.
    """
    with transaction.atomic():
        draft.batch.starts_on = starts_on
        draft.batch.areas = _not_others(draft)
        edition, counts = editions.load(
            source=draft.info, batch=draft.batch, by=by, file=draft.file, watch=watch,
            may_vanish=1.0 if replace else editions.MAY_VANISH,
        )  # fmt: skip
        ImportRow.objects.bulk_create(
            ImportRow(edition=edition, number=one.number, field=one.field[:60],
                      problem=one.problem[:300], remedy=one.remedy[:300])
            for one in (draft.refusals if edition else ())
        )  # fmt: skip
    return edition, counts


def _not_others(draft: Draft) -> list[AreaRecord]:
    """A list may name divisions that another source has told us of already."""
    keys = [one.key for one in draft.batch.areas]
    others = Area.objects.filter(current=True, key__in=keys).exclude(source__slug=draft.info.slug)
    known = set(others.values_list("key", flat=True))
    return [one for one in draft.batch.areas if one.key not in known]


def undo(*, edition_id: int, by: str) -> Edition:
    """Take back the newest edition of a source; what held before it holds again. Raises Trouble."""
    edition = Edition.objects.select_related("source").filter(pk=edition_id).first()
    if edition is None:
        raise Trouble(f"there is no edition {edition_id}: `groundswell directory list` shows them")
    editions.undo(edition=edition, by=by)
    return edition


def correct(*, kind: str, key: str, field: str, value: str, note: str, by: str) -> Row:
    """Set one field of a contact, person or post right, as a new version from today on.

    A newer edition takes over only if the source changes what it says. Raises checks.Wrong for a
    value the field cannot have, or without a note.
    """
    model, fields = CORRECTABLE[kind]
    if field not in fields:
        raise checks.Wrong(field, "this cannot be corrected here")
    if not note.strip():
        raise checks.Wrong("note", "say why, or where you have it from")
    with transaction.atomic():
        editions.lock(model.objects.get(key=key, current=True).source_id)
        old: Row = model.objects.get(key=key, current=True)
        value = checks.correction(old, field, value)
        before = str(getattr(old, field))
        if before == value:
            return old
        new = _succeed(old, field, value)
        Correction.objects.create(
            kind=kind, key=key, field=field, before=before, after=value, note=note.strip()[:500],
            by=by, at=clock.now(),
        )  # fmt: skip
        _relist(new)
    return new


def _succeed(old: Row, field: str, value: str) -> Row:
    today = clock.now().date()
    type(old).objects.filter(pk=old.pk).update(
        current=False, was_valid_to=F("valid_to"), valid_to=today - timedelta(days=1)
    )
    new = type(old).objects.get(pk=old.pk)
    new.pk, new._state.adding = None, True  # noqa: SLF001
    new.current, new.valid_from, new.checked_on = True, max(old.valid_from, today), today
    new.valid_to, new.was_valid_to = old.valid_to, None
    setattr(new, field, value)
    if isinstance(new, ContactDetail) and field == "value":
        new.standing = ContactDetail.Standing.GOOD
    new.save(force_insert=True)
    return new


def report(*, contact_id: int, what: str, by: str, note: str = "") -> bool:
    """Write down that a contact bounced, is wrong, or is good again; whether that changed it.

    A report about a value that was corrected since changes nothing.
    """
    with transaction.atomic():
        told = ContactDetail.objects.filter(pk=contact_id).first()
        row = told and ContactDetail.objects.filter(key=told.key, current=True).first()
        if not told or not row or row.value != told.value:
            return False
        Report.objects.create(
            contact=row, at=clock.now(), what=ContactDetail.Standing(what), by=by, note=note[:500]
        )
        changed: bool = row.standing != what
        row.standing = what
        row.save(update_fields=["standing"])
    return changed


def check(*, keys: Collection[str], by: str) -> int:
    """Say that these targets were looked at today and are right; how many there were."""
    today = clock.now().date()
    with transaction.atomic():
        found = Listing.objects.filter(target__in=keys)
        owners = {key for row in found for key in (row.person, row.post) if key}
        for model in (Person, Post):
            model.objects.filter(current=True, key__in=owners).update(checked_on=today)
        ContactDetail.objects.filter(current=True, owner__in=owners).update(checked_on=today)
        number = found.count()
        found.update(checked_on=today)
        Correction.objects.bulk_create(
            Correction(kind="check", key=key, field="checked_on", after=str(today), note="checked",
                       by=by, at=clock.now())
            for key in sorted({row.person or row.post for row in found})
        )  # fmt: skip
    return number


def _relist(row: Row) -> None:
    source = Source.objects.get(pk=row.source_id)
    if isinstance(row, Post):
        listings.rebuild(source=source, posts=[row.key])
    elif isinstance(row, Person):
        held = Membership.objects.filter(person=row.key, undone=False).exclude(post="")
        listings.rebuild(source=source, posts=set(held.values_list("post", flat=True)))


def create_list(*, name: str, rule: Rule, by: str) -> TargetList:
    """Make a target list. Raises checks.Wrong when the name is missing or taken."""
    now = clock.now()
    return TargetList.objects.create(
        name=_free_name(name), rule=rule.to_json(), made_by=by, made_at=now, changed_at=now
    )


def update_list(*, list_id: int, name: str, rule: Rule) -> TargetList:
    """Change a target list. Raises checks.Wrong, or TargetList.DoesNotExist."""
    row = TargetList.objects.get(pk=list_id)
    row.name, row.rule = _free_name(name, but=list_id), rule.to_json()
    row.changed_at = clock.now()
    row.save()
    return row


def delete_list(*, list_id: int) -> None:
    """Delete a target list; nothing happens to those in it."""
    TargetList.objects.filter(pk=list_id).delete()


def _free_name(name: str, but: int | None = None) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise checks.Wrong("name", "give it a name of up to 120 characters")
    if TargetList.objects.filter(name__iexact=name).exclude(pk=but or 0).exists():
        raise checks.Wrong("name", "another list has this name")
    return name
