"""Writes: the sources of a campaign, and how each claim of a text is settled with them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from groundswell.base import clock
from groundswell.messengers import claims
from groundswell.messengers.approval import Changed
from groundswell.messengers.models import Claim, Side, Source, StatementVersion
from groundswell.messengers.services_statements import locked


@dataclass(frozen=True)
class Reference:
    """What is known of a source."""

    title: str
    publisher: str = ""
    url: str = ""
    published_on: date | None = None
    quote: str = ""


class InUse(Exception):
    """The source holds claims of texts; they would be without one."""


def add_source(*, campaign_key: UUID, reference: Reference, by: str) -> Source:
    """Note down where a campaign's facts stand."""
    return Source.objects.create(
        campaign_key=campaign_key, made_at=clock.now(), made_by=by, **vars(reference)
    )


def change_source(*, source: Source, reference: Reference) -> Source:
    """Put a source right. The claims that are tied to it stay so."""
    for name, value in vars(reference).items():
        setattr(source, name, value)
    source.save()
    return source


@transaction.atomic
def delete_source(*, source: Source) -> None:
    """Take a source away. Raises InUse while a claim of any version stands on it."""
    held = Source.objects.select_for_update().get(pk=source.pk)
    if held.claims.exists():
        raise InUse
    held.delete()


@transaction.atomic
def settle(*, claim_id: int, source_id: int, by: str) -> Claim:
    """Tie a claim of the newest version to a source of its campaign. Raises Changed, or
    Source.DoesNotExist."""
    claim = _open(claim_id)
    campaign = claim.version.statement.campaign_key
    claim.source = Source.objects.select_for_update().get(pk=source_id, campaign_key=campaign)
    claim.waived_by = claim.waived_why = ""
    return _settled(claim, by)


@transaction.atomic
def waive(*, claim_id: int, why: str, by: str) -> Claim:
    """Let a claim of the newest version stand without a source, for a reason that is kept.

    Raises Changed. MUST NOT be given an empty reason.
    """
    claim = _open(claim_id)
    claim.source = None
    claim.waived_by, claim.waived_why = by, why.replace("\x00", "").strip()[:300]
    return _settled(claim, by)


@transaction.atomic
def reopen(*, claim_id: int) -> Claim:
    """Ask for the source anew. Raises Changed, also while our yes stands on it."""
    claim = _open(claim_id)
    _refuse_if_approved(claim.version)
    claim.source = None
    claim.waived_by = claim.waived_why = claim.settled_by = ""
    claim.settled_at = None
    claim.save()
    return claim


@transaction.atomic
def mark(*, key: UUID, version: int, start: int) -> Claim | None:
    """Ask for the source of a sentence that was not found to be a claim; None if there is none
    at that place. Raises Changed, also while our yes stands: it was given without."""
    last = locked(key, version)
    _refuse_if_approved(last)
    for one in claims.sentences(last.text):
        if one.start == start:
            made, _new = Claim.objects.get_or_create(
                version=last, start=start, defaults={"end": one.end, "text": one.text}
            )
            return made
    return None


def _open(claim_id: int) -> Claim:
    claim = Claim.objects.select_related("version__statement").filter(pk=claim_id).first()
    if claim is None:
        raise Changed
    locked(claim.version.statement.key, claim.version.number)
    return claim


def _refuse_if_approved(version: StatementVersion) -> None:
    if version.approvals.filter(side=Side.US, withdrawn_at=None).exists():
        raise Changed


def _settled(claim: Claim, by: str) -> Claim:
    claim.settled_by, claim.settled_at = by, clock.now()
    claim.save()
    return claim
