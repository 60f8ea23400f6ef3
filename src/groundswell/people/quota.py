"""So many mails a day to one address, over all campaigns: nobody is bombed through us."""

from datetime import date

from django.db import connection
from django.db.models import F

from groundswell.base import env
from groundswell.people.models import MailDay


def reserve(*, index: bytes, day: date) -> bool:
    """Take one of the address's mails of that day; False when they are used up.

    One statement, so that two senders can never both take the last one. A place that was taken and
    then not used, because we died in between, stays taken: rather a mail too few than one too many.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_mailday (email_index, day, sent) VALUES (%s, %s, 1)"
            " ON CONFLICT (email_index, day) DO UPDATE SET sent = people_mailday.sent + 1"
            " WHERE people_mailday.sent < %s RETURNING sent",
            [index, connection.ops.adapt_datefield_value(day), env.load().mails_per_address],
        )
        return cursor.fetchone() is not None


def give_back(*, index: bytes, day: date) -> None:
    """Return what was reserved for a mail that was not sent after all."""
    MailDay.objects.filter(email_index=index, day=day, sent__gt=0).update(sent=F("sent") - 1)


def left(*, index: bytes, day: date) -> bool:
    """Whether the address may get another mail that day."""
    limit = env.load().mails_per_address
    return not MailDay.objects.filter(email_index=index, day=day, sent__gte=limit).exists()


def forget(*, before: date) -> int:
    """Delete what past days have counted."""
    return MailDay.objects.filter(day__lt=before).delete()[0]
