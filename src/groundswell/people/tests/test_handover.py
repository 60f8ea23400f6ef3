"""All letters to one decision maker in a pack: those that count, and nobody's address unasked."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from groundswell.delivery.pdf.tests import reading
from groundswell.people import audit, drain, handover
from groundswell.people.models import AuditEntry
from groundswell.people.tests.journal import click
from groundswell.people.tests.journal import write as journal
from groundswell.people.tests.letterpages import (
    HARBOUR,
    MAYOR,
    campaign,
    letter_page,
    offices,
    write,
)

pytestmark = pytest.mark.django_db


def test_it_holds_confirmed_letters_to_that_target(tmp_path: Path) -> None:
    offices()
    page = letter_page(campaign(), keys=[HARBOUR, MAYOR])
    one = write(page, body="Mend the quay, I ask.", street="1 Quay Street", reply_to="yes")
    two = write(page, "b@example.org", body="Mend it now.", street="2 Quay Street")
    third = write(page, "c@example.org", body="Never confirmed.")
    drain.drain(journal(tmp_path, [one, two, third, click(one), click(two)]))
    key = UUID(str(page.translation_key))
    files = handover.write(tmp_path / "pack", page_key=key, target=HARBOUR)
    said = " ".join(
        " ".join(reading.pages(file.read_bytes())) for file in files if file.suffix == ".pdf"
    )
    said = " ".join(said.split())
    assert "2 Confirmed letters" in said
    assert "Letters in this pack: 2." in said
    assert "Harbour office" in said
    assert "Mend the quay, I ask." in said
    assert "Mend it now." in said
    assert "Never confirmed." not in said
    assert "ada@example.org" in said
    assert "b@example.org" not in said
    assert "1 Quay Street" in said
    assert "2 Quay Street" not in said
    entry = AuditEntry.objects.get(action=audit.HANDOVER)
    assert HARBOUR in entry.detail


def test_it_says_that_there_is_nothing_to_hand_over(tmp_path: Path) -> None:
    offices()
    page = letter_page(campaign())
    with pytest.raises(handover.NoSuchPack, match="page"):
        handover.write(tmp_path, page_key=uuid4(), target=HARBOUR)
    with pytest.raises(handover.NoSuchPack, match="letter"):
        handover.write(tmp_path, page_key=UUID(str(page.translation_key)), target=MAYOR)
