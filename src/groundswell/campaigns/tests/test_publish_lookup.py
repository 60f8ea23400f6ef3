"""The lookup at the public door: there while a page asks for it, and new when the directory is."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import brotli
import msgspec
import pytest

from groundswell.base import clock, keyring
from groundswell.campaigns import publish, publish_files, publish_lookup, services
from groundswell.campaigns.models import LetterText
from groundswell.campaigns.pack import Site
from groundswell.campaigns.tests import deciders
from groundswell.campaigns.tests.public_pages import make_action, make_campaign, make_home
from groundswell.directory import editions, lookup
from groundswell.directory import services as directory
from groundswell.directory.records import Batch, PostRecord, SourceInfo
from groundswell.intake.tests import lookup_site
from groundswell.intake.tests.site_factory import api_body, intake, write_spec

pytestmark = pytest.mark.django_db

INDEX = "lookup/us/index.json"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The countries that live pages ask for, to be changed by the test."""
    countries = ["us"]
    monkeypatch.setattr(publish_lookup, "_countries", lambda: countries)
    return countries


def read(public: Path, name: str) -> Any:
    return msgspec.json.decode((public / "lookup/us" / f"{name}.json").read_bytes())


def test_it_publishes_what_a_page_asks_for(public: Path, asked: list[str]) -> None:
    deciders.load()
    assert publish_lookup.refresh()
    assert read(public, "p/05") == {"05601": [[deciders.DISTRICT, 1.0]]}
    assert {one["name"] for one in read(public, "r/vt")["people"].values()} == {
        "Ada Fenwick",
        "Boris Alder",
        "Cora Lindqvist",
    }
    packed = (public / "lookup/us/r/vt.json.br").read_bytes()
    assert brotli.decompress(packed) == (public / "lookup/us/r/vt.json").read_bytes()
    assert (public.parent / "generation").exists()


def test_it_does_nothing_when_nothing_has_changed(public: Path, asked: list[str]) -> None:
    deciders.load()
    publish_lookup.refresh()
    generation = (public.parent / "generation").read_bytes()
    assert not publish_lookup.refresh()
    assert (public.parent / "generation").read_bytes() == generation


def test_it_follows_a_new_edition_and_its_undoing(public: Path, asked: list[str]) -> None:
    deciders.load()
    publish_lookup.refresh()
    info, batch = SourceInfo(slug="more", name="More"), Batch(as_of=date(2026, 6, 1))
    batch.posts = [PostRecord(key="x/speaker", role="Speaker", kind="speaker", office=True)]
    edition, _ = editions.load(source=info, batch=batch)
    assert edition is not None
    assert publish_lookup.refresh()
    directory.undo(edition_id=edition.pk, by="test")
    assert publish_lookup.refresh()
    assert not publish_lookup.refresh()


def test_it_takes_the_files_away_when_no_page_asks(public: Path, asked: list[str]) -> None:
    deciders.load()
    publish_lookup.refresh()
    asked.clear()
    assert publish_lookup.refresh()
    assert not (public / "lookup").exists()
    assert not publish_lookup.refresh()


def test_it_publishes_nothing_of_an_empty_directory(public: Path, asked: list[str]) -> None:
    publish_lookup.refresh()
    assert not (public / "lookup").exists()


def test_it_comes_and_goes_with_the_page_that_needs_it(public: Path) -> None:
    deciders.load()
    text = LetterText(own=["senate"], subject="The quay", body="{salutation}, please mend it.")
    letter = services.create_letter_page(
        campaign=make_campaign(make_home()), title="Write", letters=[text], lookup_country="us"
    )
    publish.publish_page(letter)
    assert not (public / INDEX).exists()
    services.publish_now(page=letter)
    publish.publish_page(letter)
    assert (public / INDEX).exists()
    letter.refresh_from_db()
    letter.unpublish()
    publish.publish_page(letter)
    assert not (public / INDEX).exists()


def test_it_leaves_other_scopes_alone(public: Path, asked: list[str]) -> None:
    deciders.load()
    action = make_action(make_campaign(make_home()))
    publish.publish_page(action)
    manifest = publish_files.load(publish_files.site())
    assert "lookup:us" in manifest.scopes
    asked.clear()
    publish.publish_page(action)
    after = publish_files.load(publish_files.site())
    assert set(manifest.scopes) - set(after.scopes) == {"lookup:us"}


def test_it_can_be_read_by_the_door(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the directory writes is what the door reads: both sides know only the format."""
    monkeypatch.setattr(publish_files, "site", lambda: Site(tmp_path / "site"))
    keyring.init(tmp_path / "keys")
    deciders.load()
    publish_lookup.refresh()
    write_spec(tmp_path, lookup_site.letter_spec(), refill="")
    with intake(tmp_path) as door:
        answer = door.api(api_body({"email": "ada@example.org", "postcode": "05601-1234"}))
        assert answer.status == 202
        assert door.stored()[0].fields["division"] == deciders.DISTRICT
        served = door.get("/lookup/us/p/05.json", accept_encoding="br")
        assert served.headers["content-encoding"] == "br"
        assert "stale-while-revalidate" in served.headers["cache-control"]


def test_it_marks_each_day() -> None:
    """A term may begin or end on any day without a new edition."""
    today = clock.now().date()
    assert lookup.fingerprint("us", on=today) != lookup.fingerprint(
        "us", on=today + timedelta(days=1)
    )


def test_it_asks_little_while_nothing_changes(
    public: Path, asked: list[str], django_assert_max_num_queries: Any
) -> None:
    deciders.load()
    publish_lookup.refresh()
    with django_assert_max_num_queries(4):
        publish_lookup.refresh()
