"""What organisers add to a source's rows: ways to reach somebody that the source does not know.

They belong to a source of their own, so that no edition of another ends them.
"""

import secrets
from typing import Final

from django.db import transaction

from groundswell.base import clock
from groundswell.directory import checks, reading
from groundswell.directory.checks import Wrong
from groundswell.directory.models import ContactDetail, Correction, Edition, Source

SLUG: Final = "organisers"
TYPES: Final = ("email", "voice", "fax", "address", "form", "url")


def add_contact(
    *,
    target: str,
    type: str,  # noqa: A002  the field's own name
    value: str,
    note: str,
    by: str,
    label: str = "",
) -> ContactDetail:
    """Add a way to reach a target, from today on. `note` says where it is from.

    Raises checks.Wrong for a value that its type cannot have, one that is there already, a missing
    note, or a target who is not in office.
    """
    row = reading.on(clock.now().date()).filter(target=target).first()
    if row is None:
        raise Wrong("target", "nobody with this key is in office")
    if type not in TYPES:
        raise Wrong("type", "there is no such way to reach somebody")
    if not note.strip():
        raise Wrong("note", "say where you have it from")
    value = checks.text("value", value, limit=1000, lines=type == "address")
    if not value:
        raise Wrong("value", "it is empty")
    value = checks.contact(type, "value", value, country_code=row.country)
    label = checks.text("label", label, limit=200)
    owner = row.person or row.post
    return _store(owner=owner, type_=type, value=value, label=label, note=note, by=by)


@transaction.atomic
def _store(*, owner: str, type_: str, value: str, label: str, note: str, by: str) -> ContactDetail:
    known = ContactDetail.objects.filter(current=True, owner=owner, type=type_)
    if known.filter(value=value).exists():
        raise Wrong("value", "it is there already")
    now = clock.now()
    source, edition = _edition()
    added = ContactDetail.objects.create(
        source=source, edition=edition, key=f"{owner}#added-{secrets.token_hex(6)}", digest="",
        checked_on=now.date(), valid_from=now.date(), owner=owner, type=type_, value=value,
        label=label,
        # Behind what the source itself says: an office's own first number stays the first.
        rank=1000 + known.count(),
    )  # fmt: skip
    Correction.objects.create(
        kind="contact", key=added.key, field="value", after=value, note=note[:500], by=by, at=now
    )
    return added


def _edition() -> tuple[Source, Edition]:
    today = clock.now()
    source, _made = Source.objects.get_or_create(
        slug=SLUG, defaults={"name": "Added by organisers", "vouches": False}
    )
    edition, _made = Edition.objects.get_or_create(
        source=source,
        number=1,
        defaults={"as_of": today.date(), "starts_on": today.date(), "loaded_at": today},
    )
    return source, edition
