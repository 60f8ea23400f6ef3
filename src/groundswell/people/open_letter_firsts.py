"""First signatories of open letters: invited by name, each by a link that nobody else has.

Only who holds the link signs, declines or withdraws; organisers invite, order, correct and take
away. What was signed is a revision of the text, and it stays that one until its signatory signs
another.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from django.db import transaction
from django.db.models import Max

from groundswell.base import clock, env, keyring, private_link, sealing
from groundswell.base.line import one_line
from groundswell.base.sealing import CannotOpen
from groundswell.campaigns import letter_texts, services
from groundswell.campaigns.models import Signatory, SignatoryStep, TextRevision
from groundswell.people import audit, cosign, keys

State = Signatory.State
LINK_LASTS: Final = timedelta(days=60)
BY_THEMSELVES: Final = "signatory"
WORDS: Final = ("name", "role", "affiliation")
MOST: Final = 1000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to invite."""

    name: str
    role: str = ""
    affiliation: str = ""
    group: str = ""
    email: str = ""


class TextChanged(Exception):
    """The letter says something else than what was on the page that was sent."""


# What organisers do ------------------------------------------------------------------------------


@transaction.atomic
def add(*, page_key: UUID, entries: Sequence[Entry], by: Any) -> list[Signatory]:
    """Put these people below the letter, invited, each with a private link; at the end, in order.

    Raises ValueError when the letter would have more than MOST.
    """
    there = Signatory.objects.select_for_update().filter(page_key=page_key)
    if there.count() + len(entries) > MOST:
        raise ValueError(f"a letter has {MOST} first signatories at most")
    last = there.aggregate(last=Max("position"))["last"] or 0
    now, who = clock.now(), by.get_username()
    rows = [
        _row(page_key=page_key, entry=entry, position=last + number, by=who, now=now)
        for number, entry in enumerate(entries, 1)
    ]
    Signatory.objects.bulk_create(rows)
    made = list(Signatory.objects.filter(key__in=[row.key for row in rows]).order_by("position"))
    for one in made:
        _step(one, "invited", by=by.get_username())
    _record(by, page_key, f"invited {len(made)}")
    return made


@transaction.atomic
def change(*, signatory: Signatory, by: Any, entry: Entry, picture_alt: str | None = None) -> bool:
    """Correct what stands of somebody; False if it was so already. Who signed stays signed."""
    changed = _put(signatory, _wanted(entry, picture_alt))
    if entry.email != email_of(signatory):
        signatory.sealed = _sealed(entry.email, signatory.key)
        signatory.mailed_at = None  # not to this address
        changed.append("e-mail")
        signatory.save(update_fields=["sealed", "mailed_at"])
    if changed:
        _noted(signatory, "corrected", by, ", ".join(changed))
    return bool(changed)


@transaction.atomic
def set_picture(*, signatory: Signatory, picture: bytes, by: Any) -> None:
    """Give somebody a picture, already made anew; empty takes it away. `by` may be themselves."""
    signatory.picture = picture
    signatory.save(update_fields=["picture"])
    _noted(signatory, "corrected", by, "picture")


@transaction.atomic
def place(*, page_key: UUID, key: UUID, number: int) -> None:
    """Put somebody at that place of the order, counted from 1; the others make room."""
    rows = list(
        Signatory.objects.select_for_update().filter(page_key=page_key).order_by("position", "id")
    )
    moved = next((row for row in rows if row.key == key), None)
    if moved is None:
        return
    rows.remove(moved)
    rows.insert(min(max(number, 1), len(rows) + 1) - 1, moved)
    for position, row in enumerate(rows, 1):
        if row.position != position:
            Signatory.objects.filter(pk=row.pk).update(position=position)
    _publish(page_key)


@transaction.atomic
def new_link(*, signatory: Signatory, by: Any, lasts: timedelta = LINK_LASTS) -> None:
    """Give somebody a new private link; the one they had stops working at once."""
    signatory.link_key = uuid4()
    signatory.revoked_at = None
    signatory.expires_at = clock.now() + lasts
    signatory.opened_at = signatory.mailed_at = None
    signatory.save(update_fields=["link_key", "revoked_at", "expires_at", "opened_at", "mailed_at"])
    _step(signatory, "invited", by=by.get_username(), detail="new link")
    _record(by, signatory.page_key, f"new link {signatory.key.hex}")


@transaction.atomic
def revoke(*, signatory: Signatory, by: Any) -> None:
    """Let somebody's private link work no more. What they signed stays."""
    signatory.revoked_at = clock.now()
    signatory.mail_due_at = None
    signatory.save(update_fields=["revoked_at", "mail_due_at"])
    _step(signatory, "revoked", by=by.get_username())
    _record(by, signatory.page_key, f"revoked {signatory.key.hex}")


@transaction.atomic
def remove(*, signatory: Signatory, by: Any) -> None:
    """Erase all there is of somebody: name, picture, address, history; also from public files."""
    was_shown = signatory.state == State.SIGNED
    key, page_key = signatory.key, signatory.page_key
    signatory.delete()
    _record(by, page_key, f"erased {key.hex}")
    if was_shown:
        _publish(page_key)


@transaction.atomic
def mail(*, page_key: UUID, among: Collection[UUID], by: Any) -> int:
    """Have core mail their private links to those whose address and link we have; how many."""
    rows = Signatory.objects.filter(page_key=page_key, key__in=among, revoked_at=None)
    rows = rows.exclude(link_key=None).exclude(sealed=b"")
    number = rows.update(mail_due_at=clock.now(), mail_failed="")
    if number:
        _record(by, page_key, f"mailed {number}")
    return number


@transaction.atomic
def ask_again(*, page_key: UUID, among: Collection[UUID], by: Any) -> int:
    """Ask those who signed an earlier text whether they sign the present one; returns how many.

    Until they do they stay with what they signed. Each is asked once about a text, through the
    link they have, or a new one if that works no more. Nobody is asked about a slip of the pen.
    """
    newest = max((row.number for row in letter_texts.revisions(page_key=page_key)), default=0)
    asked = 0
    for row in behind(page_key=page_key):
        if row.key not in among or row.asked_revision == newest:
            continue
        row.asked_revision = newest
        row.save(update_fields=["asked_revision"])
        if not works(row):
            new_link(signatory=row, by=by)
        _step(row, "asked", by=by.get_username(), revision=newest)
        asked += 1
    if asked:
        _record(by, page_key, f"asked {asked} about revision {newest}")
    return asked


def behind(*, page_key: UUID) -> list[Signatory]:
    """Those who signed a text that says something else than the letter now."""
    stands = letter_texts.standing(page_key=page_key)
    rows = Signatory.objects.filter(page_key=page_key, state=State.SIGNED)
    return [
        row
        for row in rows.order_by("position", "id")
        if stands.get((row.language, row.revision or 0), "earlier") == "earlier"
    ]


# What signatories do -----------------------------------------------------------------------------


def link(signatory: Signatory) -> str:
    """The address of somebody's private page; empty while there is none that works."""
    if signatory.link_key is None or not works(signatory):
        return ""
    token = private_link.token(signatory.link_key, _secret(), private_link.SIGNATORY)
    return f"{env.load().studio_url.rstrip('/')}/s/{token}"


def works(signatory: Signatory) -> bool:
    """Whether a private link opens: it was not revoked, and has not run out.

    Who has signed keeps theirs, for they may withdraw at any time.
    """
    if signatory.link_key is None or signatory.revoked_at is not None:
        return False
    if signatory.state == State.SIGNED:
        return True
    return signatory.expires_at is None or clock.now() < signatory.expires_at


def by_token(token: str) -> Signatory | None:
    """Whose page a token opens; None for all that opens none, whatever the reason."""
    key = private_link.read(token, _secret(), private_link.SIGNATORY)
    if key is None:
        return None
    found = Signatory.objects.filter(link_key=key).first()
    return found if found is not None and works(found) else None


def opened(signatory: Signatory) -> None:
    """Note that somebody has looked at their page."""
    Signatory.objects.filter(pk=signatory.pk).update(opened_at=clock.now())


@transaction.atomic
def correct(*, signatory: Signatory, name: str, role: str, affiliation: str, alt: str) -> None:
    """Somebody puts right what stands of them."""
    wanted = {"name": name, "role": role, "affiliation": affiliation, "picture_alt": alt}
    changed = _put(signatory, wanted)
    if changed:
        _noted(signatory, "corrected", BY_THEMSELVES, ", ".join(changed))


@transaction.atomic
def sign(*, signatory: Signatory, revision: int, language: str) -> None:
    """Somebody signs this revision, which they have read in this language.

    Signing the same again changes nothing. Raises TextChanged when that is not the letter's text
    there now.
    """
    now = clock.now()
    text = letter_texts.current(page_key=signatory.page_key).get(language)
    if text is None or text.number != revision:
        raise TextChanged
    row = Signatory.objects.select_for_update().get(pk=signatory.pk)
    if row.state == State.SIGNED and (row.revision, row.language) == (revision, language):
        return
    row.state, row.revision, row.language = State.SIGNED, revision, language
    row.signed_at = now
    row.save(update_fields=["state", "revision", "language", "signed_at"])
    _step(row, "signed", by=BY_THEMSELVES, revision=revision, detail=language)
    _publish(row.page_key)


def decline(*, signatory: Signatory) -> None:
    """Somebody will not sign. They may still change their mind while their link works."""
    _leave(signatory, State.DECLINED, among=(State.INVITED, State.WITHDRAWN))


def withdraw(*, signatory: Signatory, by: Any = BY_THEMSELVES) -> None:
    """Somebody takes their signature back, or has an organiser do it: they stand below the letter
    no more.
    """
    _leave(signatory, State.WITHDRAWN, among=(State.SIGNED,), by=by)


def email_of(signatory: Signatory) -> str:
    """The address we were given for somebody; empty without one."""
    if not signatory.sealed:
        return ""
    try:
        opened = keys.data_keys().cipher.open(bytes(signatory.sealed), context=signatory.key.bytes)
    except CannotOpen:
        return ""
    return opened.decode()


def reseal(signatory: Signatory, cipher: sealing.FieldCipher) -> bool:
    """Seal somebody's address to the current data key; False if there is nothing to do."""
    old = bytes(signatory.sealed)
    if not old or sealing.envelope_key_id(old) == cipher.current:
        return False
    fresh = cipher.seal(cipher.open(old, context=signatory.key.bytes), context=signatory.key.bytes)
    return Signatory.objects.filter(pk=signatory.pk, sealed=old).update(sealed=fresh) == 1


def text_for(signatory: Signatory, language: str = "") -> TextRevision | None:
    """The letter's present text in that language, in the one they signed in, or in its first."""
    texts = letter_texts.current(page_key=signatory.page_key)
    wanted = (language, signatory.language, *env.load().language_codes, *texts)
    return next((texts[code] for code in wanted if code in texts), None)


def text_signed(signatory: Signatory) -> TextRevision | None:
    """The text somebody has signed, as they read it; None while they have signed none."""
    return TextRevision.objects.filter(
        page_key=signatory.page_key,
        number=signatory.revision or 0,
        language=signatory.language,
    ).first()


# How it is done ----------------------------------------------------------------------------------


def _row(*, page_key: UUID, entry: Entry, position: int, by: str, now: datetime) -> Signatory:
    key = uuid4()
    return Signatory(
        key=key,
        page_key=page_key,
        name=_line(entry.name),
        role=_line(entry.role),
        affiliation=_line(entry.affiliation),
        group=_line(entry.group)[:120],
        position=position,
        sealed=_sealed(entry.email, key),
        link_key=uuid4(),
        expires_at=now + LINK_LASTS,
        made_at=now,
        made_by=by[:150],
    )


def _leave(
    signatory: Signatory, to: State, *, among: Collection[State], by: Any = BY_THEMSELVES
) -> None:
    with transaction.atomic():
        row = Signatory.objects.select_for_update().get(pk=signatory.pk)
        if row.state not in among:
            return
        was_shown = row.state == State.SIGNED
        row.state = to
        row.save(update_fields=["state"])
        name = by if isinstance(by, str) else by.get_username()
        _step(row, to.value, by=name, revision=row.revision)
        if not isinstance(by, str):
            _record(by, row.page_key, f"{to.value} {row.key.hex}")
        if was_shown:
            _publish(row.page_key)


def _wanted(entry: Entry, alt: str | None) -> dict[str, str]:
    said = {"role": entry.role, "affiliation": entry.affiliation, "group": entry.group}
    return {"name": entry.name, **said, **({} if alt is None else {"picture_alt": alt})}


def _put(signatory: Signatory, wanted: dict[str, str]) -> list[str]:
    changed = []
    for name, value in wanted.items():
        line = _line(value)
        if line != getattr(signatory, name):
            setattr(signatory, name, line)
            changed.append(name)
    if changed:
        signatory.save(update_fields=changed)
    return changed


def _noted(signatory: Signatory, what: str, by: Any, detail: str) -> None:
    """Keep on record who changed what, and publish it if they stand below the letter."""
    name = by if isinstance(by, str) else by.get_username()
    _step(signatory, what, by=name, detail=detail)
    if not isinstance(by, str):
        _record(by, signatory.page_key, f"{what} {signatory.key.hex}: {detail}")
    if signatory.state == State.SIGNED:
        _publish(signatory.page_key)


def _step(
    signatory: Signatory, what: str, *, by: str, revision: int | None = None, detail: str = ""
) -> None:
    SignatoryStep.objects.create(
        signatory=signatory,
        at=clock.now(),
        what=what,
        by=by[:150],
        revision=revision,
        detail=detail[:200],
    )


def _record(by: Any, page_key: UUID, detail: str) -> None:
    audit.record(by=by, action=audit.SIGNATORY, about=page_key.hex, detail=detail)


def _publish(page_key: UUID) -> None:
    services.publish_soon(page_id=cosign.page_id(page_key))


def _sealed(email: str, key: UUID) -> bytes:
    return keys.data_keys().cipher.seal(email.encode(), context=key.bytes) if email else b""


def _secret() -> bytes:
    return keyring.secret(env.load().path("keys"), "session")


def _line(text: str) -> str:
    return one_line(text)[:300]
