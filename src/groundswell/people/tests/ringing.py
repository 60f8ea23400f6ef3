"""A call page that offers to ring, offices with telephones, and wishes as intake seals them."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
import pytest

from groundswell.base import clock, env, sealing, wire
from groundswell.campaigns import ringing, services
from groundswell.campaigns.models import CallPage
from groundswell.delivery import bridges
from groundswell.delivery.models_bridge import Bridge
from groundswell.delivery.ringing import Ringer
from groundswell.directory import services as directory
from groundswell.directory.records import Batch, ContactRecord, PostRecord, SourceInfo
from groundswell.people import drain, keys, rings
from groundswell.people.tests import letterpages
from groundswell.people.tests.journal import sign, write
from tests.support import twilio
from tests.support.ports import free_port

MAYOR: Final = "ring/mayor"
HARBOUR: Final = "ring/harbour"
PREMIUM: Final = "ring/premium"
NUMBERS: Final = {MAYOR: "+44 20 7946 0958", HARBOUR: "+44 20 7946 0001", PREMIUM: "+449098790000"}
ADA: Final = "+442079460111"
PUBLIC: Final = "https://act.example.org"


def settings(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> env.Settings:
    """The settings of an installation that can ring, from now on."""
    ours: dict[str, Any] = {
        "public_url": PUBLIC,
        "twilio_account_sid": twilio.SID,
        "twilio_auth_token": twilio.TOKEN,
        "twilio_number": twilio.NUMBER,
        "delivery_allow": "127.0.0.1/32",
    }
    made = msgspec.structs.replace(env.load(), **ours | changes)
    monkeypatch.setattr(env, "load", lambda: made)
    return made


def page(**fields: Any) -> CallPage:
    """A published call page with three offices, one of which costs whoever rings it."""
    offices = [PostRecord(key=key, role=key[5:].title(), kind="office", office=True)
               for key in NUMBERS]  # fmt: skip
    contacts = [
        ContactRecord(key=f"{key}#voice", owner=key, type="voice", value=number)
        for key, number in NUMBERS.items()
    ]
    source = SourceInfo(slug="ring", name="Offices that ring", country="gb")
    directory.load(
        source=source,
        batch=Batch(as_of=clock.now().date(), posts=offices, contacts=contacts),
        by="test",
    )
    made = services.create_call_page(
        campaign=letterpages.campaign(),
        title="Ring the mayor",
        opening="Hello",
        say="<p>Mend it.</p>",
        keys=list(NUMBERS),
        offer_ring=True,
        **fields,
    )
    services.publish_now(page=made)
    return made


def wish(on: CallPage, phone: str = ADA, **changes: Any) -> wire.Submission:
    """The form as intake seals it."""
    values: dict[str, Any] = {
        "verb": "ring",
        "kind": "call",
        "page": UUID(str(on.translation_key)).hex,
        "consents": {ringing.PURPOSE: ringing.version("en")},
    }
    made = sign("", **values | changes)
    return msgspec.structs.replace(made, fields={"phone": phone})


def arrive(_folder: Path, *submissions: wire.Submission) -> list[Bridge]:
    """Drain them, and return all calls there are, in order."""
    # One folder for all: the cursor knows a journal file by its name alone.
    drain.drain(write(env.load().path("journal"), list(submissions)))
    return list(Bridge.objects.order_by("pk"))


def queue(number: str) -> None:
    """A call that waits to be dialled, without a page."""
    key, data = uuid4(), keys.data_keys()
    bridges.want(
        bridges.Wish(
            key=key,
            submission_id=uuid4(),
            campaign_key=key,
            page_key=key,
            language="en",
            country="GB",
            known_as=(sealing.blind_index(data.indexes[0], number),),
            sealed=data.cipher.seal(number.encode(), context=key.bytes),
            targets=((MAYOR, "Mayor", "+442079460958"),),
            purpose=ringing.PURPOSE,
            version="1",
            at=clock.now(),
        )
    )


def dial() -> int:
    """One round of core's loop."""
    return Ringer(rings.compose).step()


@contextlib.contextmanager
def voice() -> Iterator[str]:
    """The real voice process on the folder of these settings; yields its address."""
    here, port = env.load(), free_port()
    values = {name: str(getattr(here, name)) for name in (
        "var", "public_url", "twilio_account_sid", "twilio_auth_token", "twilio_number",
    )}  # fmt: skip
    given = {f"GROUNDSWELL_{name.upper()}": value for name, value in values.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "groundswell", "voice"],
        env={**os.environ, **given, "GROUNDSWELL_VOICE_PORT": str(port)},
    )
    try:
        twilio.wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
