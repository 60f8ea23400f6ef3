"""How the installation is, in words for whoever is woken at three in the morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from babel.dates import format_timedelta
from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.base import env, mark, space
from groundswell.campaigns.models import PendingPublish
from groundswell.people.models import Heartbeat, OutgoingMail, Quarantine
from groundswell.studio.home import names

STALE_AFTER: Final = timedelta(seconds=60)
# One long step, such as the nightly recount, is not yet a reason to wake anybody.
PART_STALE_AFTER: Final = timedelta(minutes=15)
UNPUBLISHED_AFTER: Final = timedelta(seconds=30)
MAIL_LATE_AFTER: Final = timedelta(minutes=10)
# Beyond this we say "more than": an exact number would have to be counted, again and again.
COUNT_LIMIT: Final = 10_000


@dataclass(frozen=True)
class Notice:
    """One thing to know: what is wrong, what it means, and what to do about it."""

    level: Literal["good", "look", "bad"]
    title: str
    text: str


def notices(*, now: datetime) -> list[Notice]:
    """What is wrong, the worst first; a single good notice when nothing is."""
    found = [*_core(now), *_publishing(now), *_mail(now), *_quarantine(), *_backup(now), *_disk()]
    found.sort(key=lambda notice: notice.level != "bad")
    if found:
        return found
    text = _("Everything that arrived is stored, and no mail is late.")
    return [Notice("good", _("All is well."), text)]


def _core(now: datetime) -> Iterator[Notice]:
    beats = list(Heartbeat.objects.order_by("at"))
    if not beats:
        yield Notice(
            "bad",
            _("The core has never run here."),
            _(
                "The public pages take signatures and keep them safe, but none is counted and no"
                " mail goes out until it runs. Start it with: groundswell core"
            ),
        )
        return
    silence = now - beats[-1].at
    if silence > STALE_AFTER:
        yield Notice(
            "bad",
            _("The core has been silent for %(time)s.") % {"time": _span(silence)},
            _(
                "Signatures are still taken and kept safe; they are counted, and their mails sent,"
                " when it is back. Restart it with: groundswell core"
            ),
        )
        return
    yield from (_in_trouble(beat, now) for beat in beats if _troubled(beat, now))


def _troubled(beat: Heartbeat, now: datetime) -> bool:
    return bool(beat.detail) or now - beat.at > PART_STALE_AFTER


def _in_trouble(beat: Heartbeat, now: datetime) -> Notice:
    text = beat.detail or _("Silent for %(time)s.") % {"time": _span(now - beat.at)}
    return Notice(
        "bad",
        _("A part of the core is in trouble: %(part)s.") % {"part": _part(beat.name)},
        _("It is tried again by itself. What it says: %(text)s") % {"text": text},
    )


def _part(name: str) -> str:
    return {
        "drain": _("storing what arrives"),
        "mail": _("sending mail"),
        "counts": _("publishing the count"),
        "schedule": _("publishing by schedule"),
        "publish": _("publishing changes"),
        "lookup": _("renewing who represents whom"),
        "recount": _("the nightly recount"),
        "retention": _("erasing what was kept long enough"),
        "journal": _("reading the journal"),
        "cleaning": _("cleaning up"),
        "reminders": _("reminding of next steps"),
        "invitations": _("inviting first signatories"),
    }.get(name, name)


def _publishing(now: datetime) -> Iterator[Notice]:
    oldest = PendingPublish.objects.order_by("since").first()
    if oldest is None or now - oldest.since < UNPUBLISHED_AFTER:
        return
    yield Notice(
        "bad",
        _("A change has not reached the public pages for %(time)s.")
        % {"time": _span(now - oldest.since)},
        _(
            "Visitors see the pages as they were before. It is tried again by itself; if this"
            " stays, look for free disk space and at the studio's log."
        ),
    )


def _mail(now: datetime) -> Iterator[Notice]:
    waiting = OutgoingMail.objects.filter(sent_at=None, failed="", due_at__lte=now)
    oldest = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    if oldest is None or now - oldest < MAIL_LATE_AFTER:
        return
    number = waiting.order_by("due_at")[: COUNT_LIMIT + 1].count()
    yield Notice(
        "look",
        _("Mail is late by %(time)s.") % {"time": _span(now - oldest)},
        _(
            "%(number)s mails wait. Nobody is lost: they go out as fast as the mail server takes"
            " them. If this grows, look at the mail server or raise mail_per_second."
        )
        % {"number": _counted(number)},
    )


def _quarantine() -> Iterator[Notice]:
    number = Quarantine.objects.all()[: COUNT_LIMIT + 1].count()
    if number:
        yield Notice(
            "look",
            ngettext(
                "%(number)s submission is in quarantine.",
                "%(number)s submissions are in quarantine.",
                number,
            )
            % {"number": _counted(number)},
            _(
                "They could not be read, so they are kept sealed and are not counted. Nothing is"
                " lost: once the cause is mended, groundswell quarantine reinject puts them back."
            ),
        )


def _backup(now: datetime) -> Iterator[Notice]:
    """Silent where none was ever made: then somebody sees to it by other means, or nobody does."""
    last = mark.read(env.load())
    if last is None or now - last.at < mark.OLD_AFTER:
        return
    yield Notice(
        "look",
        _("The last backup was made %(time)s ago.") % {"time": _span(now - last.at)},
        _(
            "Whatever happens to this machine's disks, what came since would be lost with them."
            " Make one with: groundswell backup"
        ),
    )


def _disk() -> Iterator[Notice]:
    room = space.room(env.load())
    if not room.is_low:
        return
    yield Notice(
        "bad",
        _("The disk is nearly full: %(free)s MiB are left.") % {"free": _counted(room.free)},
        _("Below %(reserve)s MiB the public pages stop taking signatures. Make room now.")
        % {"reserve": _counted(room.reserve)},
    )


def _counted(number: int) -> str:
    if number > COUNT_LIMIT:
        return _("More than %(number)s") % {"number": _counted(COUNT_LIMIT)}
    return str(format_decimal(number, locale=names.locale()))


def _span(length: timedelta) -> str:
    return str(format_timedelta(length, locale=names.locale()))
