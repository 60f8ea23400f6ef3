"""What follows from what became of letters: the sender's copy, and the directory's opinion of an
address that bounced. Core follows delivery's record, each step once, across restarts.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from groundswell.base import clock
from groundswell.delivery import queries as delivery
from groundswell.delivery.models import State
from groundswell.delivery.queries import Change
from groundswell.directory import queries as directory
from groundswell.directory import services
from groundswell.people.models import CopyWish, Followed, OutgoingMail, Participation

# Its last letter may be a moment behind the one we heard of.
COPY_AFTER: Final = timedelta(seconds=20)
_ENDS: Final = (State.ACCEPTED, State.BOUNCED, State.FAILED, State.HELD, State.WITHDRAWN)
_WAITS: Final = frozenset({State.QUEUED, State.SENDING})
# "No such mailbox", "disabled", "moved": the address itself is wrong. A full mailbox or a filter's
# dislike says nothing against it until it happens again and again, to half of what was sent.
_WRONG_ADDRESS: Final = re.compile(r"\b5\.(1\.\d+|2\.1)\b")
ENOUGH: Final = 3


def step() -> int:
    """Follow what has happened since the last time; returns how many steps that were."""
    return follow_ends() + follow_bounces() + follow_releases()


def follow_ends() -> int:
    """Queue the copies of those whose letters have all come to an end, one of them well."""
    with transaction.atomic():
        cursor = _cursor("copies")
        changes = delivery.changes_since(cursor.last, states=_ENDS)
        if changes:
            _queue_copies({change.submission_id for change in changes})
            _move(cursor, changes)
    return len(changes)


def follow_bounces() -> int:
    """Tell the directory of addresses that bounce, so that an organiser looks at them."""
    with transaction.atomic():
        cursor = _cursor("bounces")
        changes = delivery.bounced_since(cursor.last)
        for change in changes:
            _report(change)
        if changes:
            _move(cursor, changes)
    return len(changes)


def follow_releases() -> int:
    """Tell those whose letter was held when they confirmed, and is theirs to send now."""
    with transaction.atomic():
        cursor = _cursor("releases")
        changes = delivery.changes_since(cursor.last, states=[State.WITH_SUPPORTER])
        if changes:
            ids = {change.submission_id for change in changes}
            rows = Participation.objects.filter(submission_id__in=ids)
            untold = rows.exclude(mails__template="letters").values_list("pk", flat=True)
            OutgoingMail.objects.bulk_create(
                OutgoingMail(participation_id=pk, template="letters", due_at=clock.now())
                for pk in untold
            )
            _move(cursor, changes)
    return len(changes)


def _queue_copies(submissions: set[UUID]) -> None:
    wishes = CopyWish.objects.filter(participation__submission_id__in=submissions)
    ready = []
    for wish in wishes.select_related("participation"):
        letters = delivery.of_submission(submission_id=wish.participation.submission_id)
        waiting = [one for one in letters if one.state in _WAITS and not one.tally.is_held]
        if not waiting and any(one.state == State.ACCEPTED for one in letters):
            ready.append(wish)
    due = clock.now() + COPY_AFTER
    OutgoingMail.objects.bulk_create(
        OutgoingMail(participation_id=wish.participation_id, template="copy", due_at=due)
        for wish in ready
    )
    CopyWish.objects.filter(pk__in=[wish.pk for wish in ready]).delete()


def _report(change: Change) -> None:
    if not change.address or not (_WRONG_ADDRESS.search(change.words) or _again(change)):
        return
    target = directory.targets([change.target]).get(change.target)
    for contact in target.contacts if target else ():
        if contact.type == "email" and contact.value == change.address:
            services.report(contact_id=contact.id, what="bounced", by="core", note=change.words)


def _again(change: Change) -> bool:
    found = delivery.per_target(page_keys=[change.page_key])
    return any(
        one.target == change.target and one.counts.bounced >= max(ENOUGH, one.counts.accepted)
        for one in found
    )


def _cursor(name: str) -> Followed:
    return Followed.objects.get_or_create(name=name)[0]


def _move(cursor: Followed, changes: Sequence[Change]) -> None:
    Followed.objects.filter(pk=cursor.pk).update(last=changes[-1].cursor)
