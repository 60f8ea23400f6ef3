"""Tracked links, as they are made and as the public door gets them."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from groundswell.base import clock, env, keyring, private_link
from groundswell.campaigns import pack, publish_files
from groundswell.intake.links import load_links
from groundswell.messengers import links, queries, services_links
from groundswell.messengers.models import Messenger, TrackedLink
from groundswell.messengers.tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published() -> Iterator[None]:
    people.publish("en", "fr")
    yield
    people.publish()
    (publish_files.site().folder / links.FILE).unlink(missing_ok=True)


def make(*messengers: Messenger | None, **wish: Any) -> list[TrackedLink]:
    said = {"networks": ["x"], "languages": ["en"], **wish}
    return services_links.make_links(
        campaign_key=people.CAMPAIGN,
        page_key=people.PAGE,
        messengers=messengers,
        by=people.BY,
        **said,
    ).fresh


def door() -> dict[str, Any]:
    """What the public door reads."""
    whole = msgspec.json.decode((publish_files.site().folder / links.FILE).read_bytes())
    assert whole["format"] == 1
    found: dict[str, Any] = whole["links"]
    return found


def test_it_makes_one_for_each_network_and_language() -> None:
    row = people.messenger()
    made = make(row, None, networks=["x", "tiktok"], languages=["en", "fr", ""])
    assert len({link.code for link in made}) == 12
    again = make(row, None, networks=["x", "bluesky"], languages=["en"])
    assert [(link.messenger, link.network) for link in again] == [
        (row, "bluesky"),
        (None, "bluesky"),
    ]


def test_it_makes_codes_that_are_no_words() -> None:
    codes = [link.code for link in make(*(people.messenger(f"M {n}") for n in range(20)))]
    assert all(set(code) <= set(services_links.SIGNS) and len(code) >= 4 for code in codes)


def test_it_refuses_too_many_at_once() -> None:
    with pytest.raises(ValidationError, match="501"):
        make(None, networks=["x"] * 501)


def test_it_tells_the_door_at_once(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        (link,) = make(people.messenger())
    assert door()[link.code] == {
        "s": link.code,
        "page": people.PAGE.hex,
        "to": {"en": "/en/river/sign/", "fr": "/fr/river/sign/"},
        "main": "en",
        "lang": "en",
        "card": "",
    }


def test_it_leaves_to_core_what_the_door_was_not_told(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr(pack, "write", full)
        (link,) = make(people.messenger())
        with pytest.raises(OSError, match="no space"):
            links.publish()
    (publish_files.site().folder / links.FILE).unlink(missing_ok=True)
    assert links.publish()
    assert set(door()) == {link.code}


def test_it_names_a_link_beside_its_code() -> None:
    (link,) = make(people.messenger())
    services_links.name_link(link=link, name="Mira-River")
    links.publish()
    assert door()["mira-river"] == door()[link.code]
    assert links.address(link).endswith("/k/mira-river")
    services_links.name_link(link=link, name="")
    links.publish()
    assert set(door()) == {link.code}


@pytest.mark.parametrize("name", ["a", "ada river", "ädä", "-ada", "a" * 33, "a/b", "../x"])
def test_it_refuses_a_name_that_no_address_can_have(name: str) -> None:
    (link,) = make(people.messenger())
    with pytest.raises(ValidationError, match="2 to 32"):
        services_links.name_link(link=link, name=name)


def test_it_refuses_a_name_or_code_of_another() -> None:
    one, other = make(people.messenger(), None)
    services_links.name_link(link=one, name="river")
    for name in ("RIVER", one.code):
        with pytest.raises(ValidationError, match="Another link"):
            services_links.name_link(link=other, name=name)


def test_it_retires_and_brings_back() -> None:
    row = people.messenger()
    (link,) = make(row)
    services_links.retire(link=link)
    links.publish()
    assert door() == {}
    (newer,) = make(row)
    assert newer.code != link.code
    with pytest.raises(ValidationError, match="newer"):
        services_links.bring_back(link=link)
    services_links.retire(link=newer)
    services_links.bring_back(link=link)
    links.publish()
    assert set(door()) == {link.code}


def test_it_writes_what_the_door_reads_whole() -> None:
    first, *_others = make(people.messenger(), None, languages=["en", "fr", ""])
    services_links.name_link(link=first, name="mira_river-2")
    links.publish()
    read = load_links(publish_files.site().folder / links.FILE)
    assert set(read) == set(door())
    assert len(read) == 7
    assert read["mira_river-2"].s == first.code
    assert all(link.is_sound for link in read.values())


def test_it_follows_pages_as_they_move_and_go() -> None:
    (link,) = make(None, languages=["fr"])
    links.publish()
    assert not links.publish()
    people.publish("en", slug="stream")
    assert links.publish()
    entry = door()[link.code]
    assert (entry["to"], entry["lang"]) == ({"en": "/en/stream/sign/"}, "")
    people.publish()
    assert links.publish()
    assert door() == {}


def test_it_leads_to_the_campaign_while_the_page_is_away() -> None:
    (link,) = services_links.make_links(
        campaign_key=people.CAMPAIGN,
        page_key=people.CAMPAIGN,
        messengers=[None],
        networks=["website"],
        languages=[""],
        by=people.BY,
    ).fresh
    (other,) = make(None)
    TrackedLink.objects.filter(pk=other.pk).update(page_key="b" * 32)
    links.publish()
    found = door()
    assert (
        found[link.code]["to"]
        == found[other.code]["to"]
        == {"en": "/en/river/", "fr": "/fr/river/"}
    )
    assert found[other.code]["page"] == "b" * 32


def test_it_asks_the_database_as_often_for_many_links() -> None:
    make(None, networks=["x", "tiktok", "bluesky"], languages=["en", "fr", ""])
    with CaptureQueriesContext(connection) as asked:
        links.publish()
    assert len(asked) == 2


def test_it_makes_a_private_link_and_closes_the_one_before() -> None:
    row = people.messenger()
    day = clock.now() + timedelta(days=30)
    first, second = (
        services_links.make_private_link(
            messenger=row, campaign_key=people.CAMPAIGN, expires_at=day, by="bob"
        )
        for _ in range(2)
    )
    first.refresh_from_db()
    assert not queries.works(first)
    assert queries.works(second)
    assert first.revoked_by == "bob"
    secret = keyring.secret(env.load().path("keys"), "session")
    token = queries.private_address(second).rpartition("/m/")[2]
    assert private_link.read(token, secret, private_link.MESSENGER) == second.key
    services_links.revoke_private_link(link=second, by="alice")
    second.refresh_from_db()
    assert not queries.works(second)


def test_it_makes_no_private_link_that_is_over() -> None:
    with pytest.raises(ValidationError, match="still to come"):
        services_links.make_private_link(
            messenger=people.messenger(),
            campaign_key=people.CAMPAIGN,
            expires_at=clock.now(),
            by="bob",
        )


def _race() -> list[TrackedLink]:
    """Two organisers press the button at once; returns what is there then."""
    row = people.messenger()
    start = threading.Barrier(2)

    def press() -> None:
        try:
            start.wait(5)
            make(row, networks=["x", "tiktok", "bluesky", "threads"])
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return list(TrackedLink.objects.all())


@pytest.mark.django_db(transaction=True)
def test_it_makes_one_link_for_two_organisers() -> None:
    assert len(_race()) == 4


def test_it_would_make_two_without_the_constraint() -> None:
    """The control: what a second organiser would add is refused by the table alone."""
    row = people.messenger()
    (link,) = make(row)
    twin = TrackedLink(
        code="twin2",
        messenger=row,
        campaign_key=link.campaign_key,
        page_key=link.page_key,
        network=link.network,
        language=link.language,
        made_at=clock.now(),
        made_by="alice",
    )
    constraint = next(
        one for one in TrackedLink._meta.constraints if one.name == "tracked_link_once"
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX {constraint.name}")
        twin.save(force_insert=True)
        assert TrackedLink.objects.count() == 2
        transaction.set_rollback(True)
