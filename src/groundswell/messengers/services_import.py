"""Writes: a spreadsheet's rows into the roster."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from groundswell.base import clock
from groundswell.messengers import contact as contacts
from groundswell.messengers import services
from groundswell.messengers.contact import Contact
from groundswell.messengers.models import Group, Messenger
from groundswell.messengers.roster_csv import Row
from groundswell.messengers.services import Account, Person


class Loaded(NamedTuple):
    """How many were new, and how many were on the roster already and now say what the file says."""

    added: int
    changed: int


@transaction.atomic
def load(*, rows: Iterable[Row], by: str) -> Loaded:
    """Put good rows on the roster. Who is there by the same name gets what the row says besides:
    an empty cell changes nothing. Raises ValidationError.
    """
    there = {one.name.casefold(): one for one in Messenger.objects.filter(archived_at=None)}
    groups = {one.name.casefold(): one for one in Group.objects.all()}
    added = changed = 0
    for row in rows:
        old = there.get(row.name.casefold())
        ids = tuple(_group(name, groups).pk for name in row.groups)
        if old:
            services.change_messenger(messenger=old, person=_merged(old, row, ids))
            changed += 1
        else:
            services.add_messenger(person=_person(row, ids), by=by)
            added += 1
    return Loaded(added, changed)


def _group(name: str, known: dict[str, Group]) -> Group:
    group = known.get(name.casefold())
    if group is None:
        group = known[name.casefold()] = services.make_group(name=name, kind=Group.Kind.OTHER)
    return group


def _person(row: Row, groups: tuple[int, ...]) -> Person:
    return Person(
        name=row.name,
        role=row.role,
        languages=row.languages,
        time_zone=row.time_zone,
        notes=row.notes,
        contact=row.contact,
        accounts=tuple(_dated(one) for one in row.accounts),
        groups=groups,
    )


def _merged(old: Messenger, row: Row, groups: tuple[int, ...]) -> Person:
    known = contacts.open_contact(old)
    mine = set(old.groups.values_list("pk", flat=True))
    return Person(
        name=old.name,
        role=row.role or old.role,
        languages=row.languages or tuple(old.languages),
        time_zone=row.time_zone or old.time_zone,
        notes=row.notes or old.notes,
        contact=Contact(
            name=row.contact.name or known.name,
            email=row.contact.email or known.email,
            phone=row.contact.phone or known.phone,
        ),
        accounts=_accounts(old, row),
        groups=tuple(mine | set(groups)),
    )


def _accounts(old: Messenger, row: Row) -> tuple[Account, ...]:
    """What was known, each network's first account brought up to date, and what is new."""
    known = [
        Account(**{name: getattr(one, name) for name in Account.__struct_fields__})
        for one in old.profiles.all()
    ]
    for fresh in row.accounts:
        place = next((i for i, one in enumerate(known) if _is_same(one, fresh)), None)
        if place is None:
            known.append(_dated(fresh))
            continue
        before = known[place]
        counted = _dated(fresh) if fresh.followers else before
        known[place] = Account(
            network=before.network,
            handle=fresh.handle or before.handle,
            url=fresh.url or before.url,
            followers=counted.followers,
            followers_on=counted.followers_on,
            click_share=before.click_share,
        )
    return tuple(known)


def _is_same(one: Account, other: Account) -> bool:
    same_handle = not other.handle or one.handle.casefold() == other.handle.casefold()
    return one.network == other.network and same_handle


def _dated(account: Account) -> Account:
    """A number of followers is as of the day it was told."""
    return Account(
        network=account.network,
        handle=account.handle,
        url=account.url,
        followers=account.followers,
        followers_on=clock.now().date() if account.followers else None,
        click_share=account.click_share,
    )
