"""Letters of one text go out as one only where the channel can say whose they are."""

from uuid import uuid4

import pytest

from groundswell.delivery import services
from groundswell.delivery.models import Parcel
from groundswell.delivery.services import NewParcel

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("channel", "together"), [("email", True), ("webhook", True), ("cwc", False), ("print", False)]
)
def test_it_batches_no_constituents_messages(channel: str, together: bool) -> None:
    services.make(
        [
            NewParcel(
                submission_id=uuid4(),
                campaign_key=uuid4(),
                page_key=uuid4(),
                target="us/X000001",
                target_name="Robin Example",
                channel=channel,
                language="en",
                digest=b"d" * 32,
                batch=True,
            )
        ]
    )
    assert Parcel.objects.get().batch == together
