"""Letters for tests: parcels in their queues, and a compose that needs no people."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec

from groundswell.base import clock
from groundswell.base.letter import Letter
from groundswell.delivery import services
from groundswell.delivery.channels.channel import Channel
from groundswell.delivery.channels.email.channel import Email
from groundswell.delivery.models import Parcel, State, TargetTally, Transition
from groundswell.delivery.sender import Sender
from groundswell.delivery.services import NewParcel

CAMPAIGN = UUID(int=1)
PAGE = UUID(int=2)


def new(target: str = "xx/minister", **changes: object) -> NewParcel:
    """A letter of somebody new to the minister, by e-mail."""
    one = NewParcel(
        submission_id=uuid4(),
        campaign_key=CAMPAIGN,
        page_key=PAGE,
        target=target,
        target_name="The Minister of Rivers",
        organization="Ministry of Rivers",
        channel="email",
        language="en",
        address=f"{target.rpartition('/')[2]}@rivers.example",
    )
    return msgspec.structs.replace(one, **changes)


def queue(number: int = 1, *, targets: int = 1, **changes: object) -> list[Parcel]:
    """So many letters that wait, spread over so many targets."""
    services.make(new(f"xx/minister-{n % targets}", **changes) for n in range(number))
    return list(Parcel.objects.order_by("pk"))


def compose(parcel: Parcel) -> Letter:
    """A letter for any parcel."""
    return Letter(
        key=parcel.key,
        campaign_key=parcel.campaign_key,
        page_key=parcel.page_key,
        language=parcel.language,
        subject="Save the river",
        body="Dear Minister,\n\nplease save our river.\n\nYours sincerely,",
        given_name="Ada",
        family_name="Ling",
        sender_name="Ada Ling",
        email="ada@example.org",
        postcode="1234",
        city="Riverton",
        target=parcel.target,
        target_name=parcel.target_name,
        address=parcel.address,
        campaign_title="Save the river",
        organisation_name="River Watch",
    )


def send_all(
    sender: Sender | None = None,
    *,
    channel: Channel | None = None,
    using: Callable[[Parcel], Letter] = compose,
) -> None:
    """Send until nothing is due."""
    sender = sender or Sender(channel or Email(), using)
    try:
        while sender.step():
            pass
    finally:
        sender.close()


def later(**ago: float) -> None:
    """Time has passed for what waits: all of it is due, and all claims are that much older."""
    now = clock.now()
    Parcel.objects.filter(state=State.QUEUED).update(due_at=now)
    TargetTally.objects.filter(parcels__state=State.QUEUED).update(wake_at=now)
    for one in Parcel.objects.exclude(claimed_at=None):
        one.claimed_at = (one.claimed_at or now) - timedelta(**ago)
        one.save()


def states() -> dict[str, int]:
    """How many parcels are in which state, counted one by one, and compared with the sums."""
    counted = Counter(Parcel.objects.values_list("state", flat=True))
    summed: Counter[str] = Counter()
    for tally in TargetTally.objects.all():
        summed += Counter({state.value: getattr(tally, state.value) for state in State})
    assert counted == summed
    return dict(counted)


def steps(parcel: Parcel) -> list[str]:
    """The states a parcel went through."""
    return list(
        Transition.objects.filter(parcel=parcel).order_by("pk").values_list("state", flat=True)
    )
