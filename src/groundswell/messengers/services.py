"""Writes: the roster, and how far each messenger is in a campaign.

Refused input raises Django's ValidationError, which names the field.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import available_timezones

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from groundswell.base import clock
from groundswell.messengers import contact as contacts
from groundswell.messengers.contact import Contact
from groundswell.messengers.models import (
    Group,
    Involvement,
    InvolvementStep,
    Messenger,
    Post,
    Profile,
    Status,
    TrackedLink,
)
from groundswell.messengers.networks.registry import NETWORKS

# Nobody has more; a cell of telephone numbers in the wrong column has.
MOST_FOLLOWERS: Final = 2_000_000_000
# A post moves a messenger on from these; who was thanked stays thanked.
_BEFORE_POST: Final = (Status.INVITED, Status.AGREED, Status.SCHEDULED, Status.DECLINED)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account on one network, as it goes into the roster."""

    network: str
    handle: str = ""
    url: str = ""
    followers: int = 0
    followers_on: date | None = None
    click_share: float | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A messenger as they go into the roster."""

    name: str
    role: str = ""
    languages: tuple[str, ...] = ()
    time_zone: str = ""
    notes: str = ""
    contact: Contact = Contact()
    accounts: tuple[Account, ...] = ()
    groups: tuple[int, ...] = ()


@transaction.atomic
def add_messenger(*, person: Person, by: str) -> Messenger:
    """Put somebody on the roster. Raises ValidationError."""
    row = Messenger(key=uuid4(), made_at=clock.now(), made_by=by)
    return _write(row, person)


@transaction.atomic
def change_messenger(*, messenger: Messenger, person: Person) -> Messenger:
    """Make a messenger's entry say this, and nothing else. Raises ValidationError."""
    row = Messenger.objects.select_for_update().get(pk=messenger.pk)
    return _write(row, person)


def archive(*, messenger: Messenger) -> None:
    """Take somebody off the roster's first page. Links, posts and numbers stay."""
    Messenger.objects.filter(pk=messenger.pk, archived_at=None).update(archived_at=clock.now())


def bring_back(*, messenger: Messenger) -> None:
    """Put somebody who was archived back on the roster."""
    Messenger.objects.filter(pk=messenger.pk).update(archived_at=None)


def make_group(*, name: str, kind: str) -> Group:
    """A new group. Raises ValidationError when the name is taken or empty."""
    group = Group(name=" ".join(name.split()), kind=kind)
    group.full_clean()
    group.save()
    return group


def change_group(*, group: Group, name: str, kind: str) -> Group:
    """Another name or kind for a group. Raises ValidationError."""
    group.name, group.kind = " ".join(name.split()), kind
    group.full_clean()
    group.save()
    return group


def delete_group(*, group: Group) -> None:
    """Dissolve a group. Its messengers stay on the roster."""
    group.delete()


@transaction.atomic
def involve(*, messengers: Iterable[Messenger], campaign_key: UUID, by: str) -> list[Involvement]:
    """Invite messengers to a campaign; returns those who were not part of it yet."""
    fresh = []
    for messenger in messengers:
        part, is_new = Involvement.objects.get_or_create(
            messenger=messenger, campaign_key=campaign_key
        )
        if is_new:
            _step(part, "", by)
            fresh.append(part)
    return fresh


@transaction.atomic
def set_status(*, part: Involvement, status: str, by: str) -> bool:
    """Say how far a messenger is; False when they were there already. Raises ValidationError."""
    if status not in Status.values:
        raise ValidationError({"status": _("Choose one of the steps.")})
    row = Involvement.objects.select_for_update().get(pk=part.pk)
    before, part.status = row.status, status
    if before == status:
        return False
    row.status = status
    row.save(update_fields=["status"])
    _step(row, before, by)
    return True


def change_part(
    *, part: Involvement, disclosure: str, note: str, scheduled_at: datetime | None
) -> None:
    """Keep what was agreed with a messenger for one campaign. Raises ValidationError."""
    part.disclosure, part.note = disclosure.strip(), note.strip()
    part.scheduled_at = scheduled_at
    part.full_clean()
    part.save(update_fields=["disclosure", "note", "scheduled_at"])


@transaction.atomic
def add_post(
    *,
    messenger: Messenger,
    campaign_key: UUID,
    network: str,
    at: datetime,
    by: str,
    language: str = "",
    url: str = "",
    link: TrackedLink | None = None,
) -> Post:
    """Note what a messenger did post; their status follows. Raises ValidationError."""
    if network not in NETWORKS:
        raise ValidationError({"network": _("Choose the network.")})
    if link and (link.messenger_id, link.campaign_key) != (messenger.pk, campaign_key):
        raise ValidationError({"link": _("That link is not theirs, or not this campaign's.")})
    post = Post(
        messenger=messenger,
        campaign_key=campaign_key,
        network=network,
        language=language,
        url=url,
        at=at,
        link=link,
    )
    post.full_clean()
    post.save()
    part = Involvement.objects.filter(messenger=messenger, campaign_key=campaign_key).first()
    if part and part.status in _BEFORE_POST:
        set_status(part=part, status=Status.POSTED, by=by)
    return post


def delete_post(*, post: Post) -> None:
    """Take back a note of a post that never was. The status stays for somebody to look at."""
    post.delete()


def _write(row: Messenger, person: Person) -> Messenger:
    row.name = " ".join(person.name.split())
    _refuse_namesake(row)
    row.role, row.notes = person.role.strip(), person.notes.strip()
    row.languages = list(dict.fromkeys(person.languages))
    row.time_zone = person.time_zone
    if row.time_zone and row.time_zone not in available_timezones():
        raise ValidationError({"time_zone": _("Write a place, such as Asia/Yerevan.")})
    row.full_clean(exclude=["sealed", "languages"])
    row.sealed = contacts.seal(person.contact, key=row.key)
    row.save()
    row.groups.set(Group.objects.filter(pk__in=person.groups))
    _put_accounts(row, person.accounts)
    return row


def _refuse_namesake(row: Messenger) -> None:
    """Live numbers, spreadsheets and rehearsals know messengers by their names."""
    others = Messenger.objects.filter(archived_at=None).exclude(pk=row.pk)
    if row.name.casefold() in {name.casefold() for name in others.values_list("name", flat=True)}:
        raise ValidationError(
            {"name": _("Somebody of this name is on the roster. Add what tells them apart.")}
        )


def _put_accounts(row: Messenger, accounts: Sequence[Account]) -> None:
    """Accounts keep their rows, so that what refers to one goes on doing so."""
    _refuse_doubles(accounts)
    there = {(one.network, one.handle): one for one in row.profiles.all()}
    for account in accounts:
        profile = there.pop((account.network, account.handle), None) or Profile(messenger=row)
        for name in Account.__struct_fields__:
            setattr(profile, name, getattr(account, name))
        _check_account(profile)
        profile.save()
    row.profiles.filter(pk__in=[one.pk for one in there.values()]).delete()


def _refuse_doubles(accounts: Collection[Account]) -> None:
    if len({(one.network, one.handle) for one in accounts}) < len(accounts):
        raise ValidationError({"accounts": _("The same account is there twice.")})


def _check_account(profile: Profile) -> None:
    if profile.network not in NETWORKS:
        raise ValidationError({"accounts": _("Choose a network for each account.")})
    if not 0 <= profile.followers <= MOST_FOLLOWERS:
        raise ValidationError({"accounts": _("That is no number of followers.")})
    if profile.click_share is not None and not 0 <= profile.click_share <= 1:
        raise ValidationError({"accounts": _("The share who click lies between 0 and 100 %.")})
    try:
        profile.full_clean(exclude=["messenger"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        label = NETWORKS[profile.network].label
        raise ValidationError(
            {"accounts": [f"{label}: {one}" for one in error.messages]}
        ) from error


def _step(part: Involvement, before: str, by: str) -> None:
    InvolvementStep.objects.create(
        involvement=part, who=by, at=clock.now(), before=before, after=part.status
    )
