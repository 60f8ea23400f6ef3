"""How the installation is, in words for whoever is woken at three in the morning."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from babel.dates import format_timedelta
from babel.numbers import format_decimal
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.base import env
from groundswell.people.models import Heartbeat, OutgoingMail, Quarantine

STALE_AFTER: Final = timedelta(seconds=60)
MAIL_LATE_AFTER: Final = timedelta(minutes=10)
# Beyond this we say "more than": an exact number would have to be counted, again and again.
COUNT_LIMIT: Final = 10_000
DISK_MARGIN: Final = 8
_MIB: Final = 1024 * 1024


@dataclass(frozen=True)
class Notice:
    """One thing to know: what is wrong, what it means, and what to do about it."""

    level: Literal["good", "look", "bad"]
    title: str
    text: str


def notices(*, now: datetime) -> list[Notice]:
    """What is wrong, the worst first; a single good notice when nothing is."""
    found = [*_core(now), *_mail(now), *_quarantine(), *_disk()]
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
    if now - beats[0].at > STALE_AFTER:
        yield Notice(
            "bad",
            _("The core has been silent for %(time)s.") % {"time": _span(now - beats[0].at)},
            _(
                "Signatures are still taken and kept safe; they are counted, and their mails sent,"
                " when it is back. Silent part: %(part)s. Restart it with: groundswell core"
            )
            % {"part": beats[0].name},
        )
    for beat in beats:
        if beat.detail:
            yield Notice("bad", _("Trouble in “%(part)s”.") % {"part": beat.name}, beat.detail)


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
                " lost; an administrator can look into it and put them back."
            ),
        )


def _disk() -> Iterator[Notice]:
    settings = env.load()
    free = shutil.disk_usage(settings.path()).free // _MIB
    if free >= settings.journal_reserve_mb * DISK_MARGIN:
        return
    yield Notice(
        "bad",
        _("The disk is nearly full: %(free)s MiB are left.") % {"free": _counted(free)},
        _("Below %(reserve)s MiB the public pages stop taking signatures. Make room now.")
        % {"reserve": _counted(settings.journal_reserve_mb)},
    )


def _counted(number: int) -> str:
    if number > COUNT_LIMIT:
        return _("More than %(number)s") % {"number": _counted(COUNT_LIMIT)}
    return str(format_decimal(number, locale=(get_language() or "en").replace("-", "_")))


def _span(length: timedelta) -> str:
    return str(format_timedelta(length, locale=(get_language() or "en").replace("-", "_")))
