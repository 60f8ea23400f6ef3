"""From what Parliament and the Statistics Office publish to an answer at the public door.

A second country's lookup is a folder: this is the proof that nothing else knows of the first.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groundswell.base import netguard
from groundswell.base.wire import FieldSpec
from groundswell.directory import lookup, refresh
from groundswell.directory.fetching.client import Client
from groundswell.directory.sources import asking
from groundswell.directory.sources.tests import answers
from groundswell.directory.sources.tests.test_refreshing_gb import archive, row
from groundswell.intake.tests import lookup_site
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import Answer, Intake, api_body
from tests.support.answering import answering

pytestmark = pytest.mark.django_db
HOLBORN = "ocd-division/country:gb/part:eng/region:uki/ed:holborn_and_st_pancras"
WESTMINSTER = "ocd-division/country:gb/part:eng/region:uki/ed:cities_of_london_and_westminster"
BELFAST = "ocd-division/country:gb/part:nir/ed:belfast_east"
VACANT = "ocd-division/country:gb/part:nir/ed:belfast_north"


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Intake]:
    monkeypatch.setattr(asking.Asking, "pause", lambda _self, _seconds: None)
    routes = {
        **answers.gb(5),
        "/ONSPD.zip": archive(
            row("WC1N 3AA", "E14001290"),
            row("WC1A 1AA", "E14001290"),
            row("WC1A 1AB", "E14001172"),
        ),
    }
    with answering(routes) as web:
        client = Client(agent="Test", allow=netguard.networks("127.0.0.1/32"))
        for name, path in (("gb_members", ""), ("gb_postcodes", "/ONSPD.zip")):
            refresh.refresh(
                name=name, client=client, by="operator", mirror=web.url + path, anyway=True
            )
    fields = (
        FieldSpec("email", "email", required=True, max=254),
        FieldSpec("postcode", "postcode", required=True, max=12),
        FieldSpec("division", "division", required=True, choices=("commons",), lookup="gb"),
    )
    spec = lookup_site.letter_spec(fields=fields)
    site.make_folder(tmp_path, spec)
    for path, body in lookup.build("gb"):
        site.write_page(tmp_path, f"/{path}", body.decode())
    site.touch_generation(tmp_path)
    with site.intake(tmp_path) as running:
        yield running


def write(door: Intake, **fields: str) -> Answer:
    return door.api(api_body({"email": "ada@example.org", **fields}))


def refused(answer: Answer) -> Any:
    assert answer.status == 422, answer.text
    (field,) = answer.json["error"]["fields"]
    return field


def test_it_looks_british_postcodes_up_at_the_door(door: Intake) -> None:
    for written in ("WC1N 3AA", "wc1n3aa", " wc1n  3zz "):
        answer = write(door, postcode=written)
        assert answer.status == 202, answer.text
    assert {one.fields["division"] for one in door.stored()} == {HOLBORN}

    split = refused(write(door, postcode="WC1A 1ZZ"))
    assert split["code"] == "choose_one"
    assert {choice["value"] for choice in split["choices"]} == {HOLBORN, WESTMINSTER}
    assert write(door, postcode="WC1A 1ZZ", division=WESTMINSTER).status == 202
    assert refused(write(door, postcode="WC1N 3AA", division=WESTMINSTER))

    vacant = refused(write(door, postcode="BT1 1AA", division=VACANT))
    assert vacant["code"] == "seat_vacant"
    unknown = refused(write(door, postcode="BT1 1AA"))
    assert unknown["code"] == "unknown_postcode"
    assert write(door, postcode="BT1 1AA", division=BELFAST).status == 202
