"""What happens to letters when their sender leaves: what has not gone out never does.

What has gone out cannot be called back. Its parcel and its transitions stay, which name nobody.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from groundswell.delivery import services as delivery
from groundswell.delivery.models import Parcel, State
from groundswell.people.models import Addressed, CopyWish, Participation

KIND = "letter"


def withdrawn(rows: Sequence[Participation], *, by: str) -> None:
    """Stop these senders' letters; who writes again may write to those they had not reached."""
    rows = _written(rows)
    if not rows:
        return
    ids = [row.submission_id for row in rows]
    delivery.withdraw(submission_ids=ids, by=by, words="withdrawn by the sender")
    stopped = Parcel.objects.filter(submission_id__in=ids, state=State.WITHDRAWN)
    keys = {row.submission_id: row.pk for row in rows}
    free: Any = Q(pk__in=[])
    for submission_id, target in stopped.values_list("submission_id", "target"):
        free |= Q(participation_id=keys[submission_id], target=target)
    Addressed.objects.filter(free).delete()
    CopyWish.objects.filter(participation__in=rows).delete()


def erased(rows: Sequence[Participation], *, by: str) -> None:
    """Stop these senders' letters, and forget whom they wrote to."""
    rows = _written(rows)
    if not rows:
        return
    ids = [row.submission_id for row in rows]
    delivery.withdraw(submission_ids=ids, by=by, words="the sender was erased")
    Addressed.objects.filter(participation__in=rows).delete()
    CopyWish.objects.filter(participation__in=rows).delete()


def reindexed(row: Participation, index: bytes) -> None:
    """Follow a row to its mailbox's index under the current key."""
    if row.kind != KIND:
        return
    for one in Addressed.objects.filter(participation=row):
        place = {"campaign_key": one.campaign_key, "target": one.target, "email_index": index}
        if Addressed.objects.filter(**place).exclude(pk=one.pk).exists():
            one.delete()  # two that turn out to be one mailbox have both written; one place is due
        else:
            Addressed.objects.filter(pk=one.pk).update(email_index=index)


def _written(rows: Sequence[Participation]) -> list[Participation]:
    return [row for row in rows if row.kind == KIND]
