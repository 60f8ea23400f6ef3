"""Claims of a text: settled by a source or a reason, carried on, never lost."""

from uuid import uuid4

import pytest

from groundswell.messengers import services_claims
from groundswell.messengers import services_statements as services
from groundswell.messengers.approval import Changed, NotReady
from groundswell.messengers.models import Claim, Side, Source, Statement
from groundswell.messengers.tests import texts
from groundswell.messengers.tests.texts import BY

pytestmark = pytest.mark.django_db

CLAIM = "The river lost 40% of its fish. Please sign."


def claims(one: Statement) -> list[Claim]:
    return list(Claim.objects.filter(version=services.newest(one)))


def test_it_refuses_a_yes_while_a_claim_has_no_source() -> None:
    one = texts.text(CLAIM)

    with pytest.raises(NotReady) as caught:
        services.approve(key=one.key, version=1, by=BY)

    assert [problem.field for problem in caught.value.problems] == ["claims"]


def test_it_approves_once_the_claim_has_a_source() -> None:
    one = texts.text(CLAIM)
    (claim,) = claims(one)
    services_claims.settle(claim_id=claim.pk, source_id=texts.source().pk, by=BY)

    assert services.approve(key=one.key, version=1, by=BY).side == Side.US


def test_it_approves_once_the_claim_is_waived_and_keeps_who_and_why() -> None:
    one = texts.text(CLAIM)
    services_claims.waive(claim_id=claims(one)[0].pk, why=" She saw it herself. ", by=BY)

    services.approve(key=one.key, version=1, by=BY)

    (claim,) = claims(one)
    assert (claim.waived_by, claim.waived_why) == (BY, "She saw it herself.")


def test_it_carries_a_settled_claim_into_the_next_version_but_no_other() -> None:
    one = texts.text(CLAIM)
    services_claims.settle(claim_id=claims(one)[0].pk, source_id=texts.source().pk, by=BY)

    texts.save(one, f"Friends! {CLAIM} And 30% of its birds.", edit=0)

    assert [(claim.text, claim.settled) for claim in claims(one)] == [
        ("The river lost 40% of its fish.", True),
        ("And 30% of its birds.", False),
    ]


def test_it_does_not_take_a_source_for_a_changed_number() -> None:
    one = texts.text(CLAIM)
    services_claims.settle(claim_id=claims(one)[0].pk, source_id=texts.source().pk, by=BY)

    texts.save(one, CLAIM.replace("40", "90"), edit=0)

    assert [claim.settled for claim in claims(one)] == [False]


def test_it_asks_for_the_source_of_what_an_organiser_marks() -> None:
    one = texts.text("The mayor promised it. Please sign.")
    services_claims.mark(key=one.key, version=1, start=0)
    texts.save(one, "Hello! The mayor promised it. Please sign.", edit=0)

    assert [(claim.text, claim.start, claim.why) for claim in claims(one)] == [
        ("The mayor promised it.", 7, "")
    ]


def test_it_marks_no_place_where_no_sentence_begins() -> None:
    one = texts.text("The mayor promised it.")

    assert services_claims.mark(key=one.key, version=1, start=3) is None


def test_it_does_not_reopen_a_claim_under_a_yes() -> None:
    one = texts.text(CLAIM)
    (claim,) = claims(one)
    services_claims.waive(claim_id=claim.pk, why="Known.", by=BY)
    services.approve(key=one.key, version=1, by=BY)

    with pytest.raises(Changed):
        services_claims.reopen(claim_id=claim.pk)
    with pytest.raises(Changed):
        services_claims.mark(key=one.key, version=1, start=0)


def test_it_ties_no_claim_to_another_campaigns_source() -> None:
    one = texts.text(CLAIM)
    other = texts.source(campaign=uuid4())

    with pytest.raises(Source.DoesNotExist):
        services_claims.settle(claim_id=claims(one)[0].pk, source_id=other.pk, by=BY)


def test_it_deletes_no_source_that_a_text_stands_on() -> None:
    one, kept = texts.text(CLAIM), texts.source()
    services_claims.settle(claim_id=claims(one)[0].pk, source_id=kept.pk, by=BY)

    with pytest.raises(services_claims.InUse):
        services_claims.delete_source(source=kept)
    services_claims.delete_source(source=texts.source("Another"))
    assert Source.objects.count() == 1
