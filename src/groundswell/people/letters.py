"""Confirmed: a supporter's letter becomes Parcels, one for each decision maker it is for.

All of it happens in the transaction that confirms. Whatever arrives twice, from whichever page of
the campaign, a mailbox writes to a target once: the constraint `one_letter_each` decides.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

from groundswell.base import clock, sealing
from groundswell.base.line import one_line
from groundswell.delivery import services as delivery
from groundswell.delivery import states
from groundswell.delivery.services import NewParcel
from groundswell.directory import queries as directory
from groundswell.directory.targets import Target
from groundswell.kinds.letter import marks
from groundswell.people import keys, letter_pages, letter_routes, letter_text, reports, vault
from groundswell.people.models import CopyWish, Event, OutgoingMail, Participation

KIND: Final = "letter"
NOBODY: Final = "no_addressee"
_CHUNK: Final = 500

log = logging.getLogger(__name__)


class Letters(msgspec.Struct, frozen=True):
    """One supporter's letters: whom they are for, and which of the page's texts each gets."""

    row: Participation
    personal: vault.Personal
    page: letter_pages.Pages
    to: tuple[tuple[Target, letter_pages.Text], ...]


class Claim(NamedTuple):
    """A mailbox's place with one target of one campaign."""

    participation: int
    campaign_key: UUID
    email_index: bytes
    target: str


def follow(rows: Collection[Participation]) -> int:
    """Make the letters of rows that have just been confirmed and count; returns how many.

    For rows of another kind it asks nothing of the database.
    """
    written = [row for row in rows if row.kind == KIND and row.email_index is not None]
    if not written:
        return 0
    sealed = dict(
        Participation.objects.filter(pk__in=[row.pk for row in written]).values_list("pk", "sealed")
    )
    finder = _Finder()
    made = [one for row in written if (one := _letters(row, sealed.get(row.pk, b""), finder))]
    number = _send(made)
    reports.catch_up(written)
    return number


def recheck(*, page_key: UUID) -> int:
    """Make the letters of confirmed rows that never got any, as when their page was gone for a
    while; returns how many. Nobody's second letter: who has written to anybody is left alone.
    """
    rows = Participation.objects.filter(
        page_key=page_key, kind=KIND, counted=True, state=Participation.State.CONFIRMED
    )
    number, after = 0, 0
    while batch := list(rows.filter(pk__gt=after).defer("sealed").order_by("pk")[:_CHUNK]):
        after = batch[-1].pk
        bare = [row for row in batch if not row.addressed.exists()]
        number += _follow_alone(bare)
    return number


def addressees(
    page: letter_pages.Pages, division: str, finder: "_Finder | None" = None
) -> Iterator[tuple[Target, letter_pages.Text]]:
    """Whom somebody who lives there writes to from a page, each once, with the first text that
    is for them. A vacant seat is among them, so that its letters can be seen to wait.
    """
    finder = finder or _Finder()
    seen: set[str] = set()
    for text in page.texts:
        fixed = [page.targets.get(key) or _unknown(key) for key in text.keys]
        own = finder.own(division, text.own) if division and text.own else []
        for target in [*own, *fixed]:
            if target.key not in seen:
                seen.add(target.key)
                yield target, text


class _Finder:
    """Looks up who represents a division, once for all who live there."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, tuple[str, ...]], list[Target]] = {}

    def own(self, division: str, kinds: tuple[str, ...]) -> list[Target]:
        place = (division, kinds)
        if place not in self._found:
            self._found[place] = directory.representatives(division, kinds)
        return self._found[place]


def _follow_alone(rows: Sequence[Participation]) -> int:
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        return follow(rows)


def _letters(row: Participation, sealed: Any, finder: _Finder) -> Letters | None:
    row.sealed = bytes(sealed)
    page = letter_pages.of(row.page_key)
    try:
        personal = vault.open_row(row)
    except (vault.Gone, sealing.CannotOpen) as error:
        _nobody(row, f"cannot be opened: {type(error).__name__}")
        return None
    to = tuple(addressees(page, personal.get("division"), finder)) if page else ()
    if page is None or not to:
        _nobody(row, "nobody is known there" if page else "the page is gone")
        return None
    return Letters(row, personal, page, to)


def _nobody(row: Participation, why: str) -> None:
    log.error("the letters of submission %s cannot be made: %s", row.submission_id, why)
    Event.objects.create(participation=row, at=clock.now(), what=NOBODY, by="core", detail=why)


def _send(made: Sequence[Letters]) -> int:
    free = _claim(made)
    index_key = keys.data_keys().indexes[0]
    parcels = [
        _parcel(one, target, text, index_key)
        for one in made
        for target, text in one.to
        if (one.row.pk, target.key) in free
    ]
    number = delivery.make(parcels)
    _mails(made, parcels)
    return number


def _parcel(one: Letters, target: Target, text: letter_pages.Text, index_key: bytes) -> NewParcel:
    today = clock.now().date()
    route = letter_routes.choose(one.page.ways, target, one.personal.fields)
    contact = route.contact
    return NewParcel(
        submission_id=one.row.submission_id,
        campaign_key=one.page.campaign_key,
        page_key=one.row.page_key,
        target=target.key,
        target_name=target.name,
        organization=target.organization,
        channel=route.channel,
        language=one.row.language,
        group=text.group,
        digest=digest(one.page, text, one.personal, one.row.language, index_key),
        address=contact.value if contact and route.channel == "email" else "",
        batch=one.page.batch,
        zone=contact.zone if contact else "",
        hours=contact.hours if contact else "",
        held=letter_routes.unfit(target, today),
        not_before=one.page.send_from,
    )


def digest(
    page: letter_pages.Pages,
    text: letter_pages.Text,
    personal: vault.Personal,
    language: str,
    index_key: bytes,
) -> bytes:
    """What is equal for letters that say the same, word for word, but for the name below them;
    empty for one that was edited.

    Made with a key: nobody can guess from it what a letter said.
    """
    words = page.in_language(language)
    draft = words.drafts.get(text.group)
    subject, body = wrote(text, personal)
    if draft is None or not letter_text.same(body, draft.body):
        return b""
    if not letter_text.same(subject, draft.subject):
        return b""
    # A letter that goes out once for many has their names on its list, not under its text.
    bare = letter_text.without_closing(body)
    said = letter_text.body(bare, personal_values(personal), points=ticked(words, personal))
    place = f"{page.page_key.hex}\n{language}\n{text.group}"
    return sealing.blind_index(index_key, " ".join(f"letter {place} {subject} {said}".split()))


def wrote(text: letter_pages.Text, personal: vault.Personal) -> tuple[str, str]:
    """The subject and the text that a supporter sent for one of the page's texts."""
    return personal.get(f"subject{text.suffix}"), personal.get(f"body{text.suffix}")


def personal_values(personal: vault.Personal) -> dict[str, str]:
    """What the sender's marks stand for."""
    return {name: one_line(personal.get(name)) for name in marks.OF_THE_SENDER}


def ticked(words: letter_pages.Words, personal: vault.Personal) -> list[str]:
    """The sentences of the boxes that a supporter ticked, in the page's order."""
    return [sentence for name, sentence in words.points.items() if personal.get(name)]


def _unknown(key: str) -> Target:
    """A stand-in for a target that the directory does not have (any more): its letters are held."""
    return Target(key=key, name=key, role="", kind=letter_routes.UNKNOWN)


def _mails(made: Sequence[Letters], parcels: Sequence[NewParcel]) -> None:
    """One mail to whoever has something left to do; a note of who wants a copy of what we send."""
    theirs = {one.submission_id for one in parcels if by_hand(one)}
    ours = {one.submission_id for one in parcels if not by_hand(one)}
    now = clock.now()
    OutgoingMail.objects.bulk_create(
        OutgoingMail(participation=one.row, template="letters", due_at=now)
        for one in made
        if one.row.submission_id in theirs
    )
    CopyWish.objects.bulk_create(
        (
            CopyWish(participation=one.row)
            for one in made
            if one.row.submission_id in ours and one.personal.get("copy")
        ),
        ignore_conflicts=True,
    )


def by_hand(parcel: NewParcel) -> bool:
    """Whether the supporter has to send this one."""
    return parcel.channel in states.BY_SUPPORTER and not parcel.held


def _claim(made: Sequence[Letters]) -> set[tuple[int, str]]:
    """Take the places that are still free; those that somebody has already written to are not."""
    # Always the same order, or two who confirm at once could wait for each other for ever.
    wanted = sorted(
        (
            Claim(one.row.pk, one.page.campaign_key, bytes(one.row.email_index or b""), target.key)
            for one in made
            for target, _text in one.to
        ),
        key=lambda claim: claim[1:],
    )
    free: set[tuple[int, str]] = set()
    for start in range(0, len(wanted), _CHUNK):
        free |= _insert(wanted[start : start + _CHUNK])
    return free


def _insert(claims: Sequence[Claim]) -> set[tuple[int, str]]:
    native = connection.features.has_native_uuid_field
    values: list[Any] = []
    for one in claims:
        campaign = one.campaign_key if native else one.campaign_key.hex
        values += [one.participation, campaign, one.email_index, one.target]
    places = ", ".join(["(%s, %s, %s, %s)"] * len(claims))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_addressed (participation_id, campaign_key, email_index, target)"  # noqa: S608  no value is in the text
            f" VALUES {places} ON CONFLICT (campaign_key, email_index, target) DO NOTHING"
            " RETURNING participation_id, target",
            values,
        )
        return {(participation, target) for participation, target in cursor.fetchall()}
