"""What was said is kept sealed, with its history, by those who may."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from groundswell.base import env, keyring, sealing
from groundswell.delivery.tests.mailserver import use_settings
from groundswell.directline import queries, services, vault
from groundswell.directline.models import Entry, Party, Version
from groundswell.directline.queries import Filters
from groundswell.directline.services import Changed
from groundswell.directline.tests.conversations import (
    SENATOR,
    WORDS,
    draft,
    keeper,
    organiser,
    told,
)

pytestmark = pytest.mark.django_db


def _stored() -> bytes:
    """All that the database holds of the direct line."""
    tables = [model._meta.db_table for model in (Entry, Party, Version)]
    found = b""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                cells = (bytes(c) if isinstance(c, bytes | memoryview) else c for c in row)
                found += b"|".join(c if isinstance(c, bytes) else str(c).encode() for c in cells)
    return found


def test_it_keeps_no_word_in_the_clear() -> None:
    bob = keeper()
    entry = told(bob)
    services.tell_again(by=bob, key=entry.key, draft=draft(said="They agreed."), version=1)
    stored = _stored()
    assert SENATOR[1].encode() in stored  # who holds an office is public
    for word in ("Yara", "Pim", "adviser", "hearing", "Zäzilie", "brief", "agreed", "speak"):
        assert word.encode() not in stored
    opened = queries.entry(by=bob, key=entry.key)
    assert opened is not None
    assert opened.said is not None
    assert opened.said.said == "They agreed."
    assert opened.said.theirs == WORDS.theirs


def test_it_opens_no_row_in_anothers_place() -> None:
    bob = keeper()
    mine, other = told(bob), told(bob)
    Entry.objects.filter(pk=other.pk).update(sealed=bytes(mine.sealed))
    found = queries.search(by=bob, filters=Filters())
    assert {one.entry.pk: one.said is None for one in found.items} == {
        mine.pk: False,
        other.pk: True,
    }


def test_it_keeps_how_it_was_told_before() -> None:
    bob, dora = keeper(), keeper("dora")
    entry = told(bob)
    changed = draft(said="They agreed.", way="call", parties=[])
    services.tell_again(by=dora, key=entry.key, draft=changed, version=1)
    newest, first = queries.versions(by=bob, of=entry)
    assert (newest.version.by, first.version.by) == ("dora", "bob")
    assert newest.telling is not None
    assert first.telling is not None
    assert (newest.telling.way, first.telling.way) == ("call", "meeting")
    assert first.telling.said == WORDS
    assert (first.telling.parties, newest.telling.parties) == ([SENATOR], [])


def test_it_refuses_to_overwrite_what_was_not_read() -> None:
    bob, dora = keeper(), keeper("dora")
    entry = told(bob)
    services.tell_again(by=dora, key=entry.key, draft=draft(said="Dora's"), version=1)
    with pytest.raises(Changed) as refused:
        services.tell_again(by=bob, key=entry.key, draft=draft(said="Bob's"), version=1)
    assert refused.value.entry.version == 2
    entry.refresh_from_db()
    assert vault.open_entry(entry).said == "Dora's"
    assert entry.versions.count() == 2


def test_it_would_lose_words_without_the_version() -> None:
    """The control: whoever passes the newest version without reading it overwrites."""
    bob, dora = keeper(), keeper("dora")
    entry = told(bob)
    services.tell_again(by=dora, key=entry.key, draft=draft(said="Dora's"), version=1)
    services.tell_again(by=bob, key=entry.key, draft=draft(said="Bob's"), version=2)
    entry.refresh_from_db()
    assert vault.open_entry(entry).said == "Bob's"


def test_it_leaves_a_stub_when_erased() -> None:
    bob = keeper()
    entry = told(bob, campaign_key=uuid4())
    assert services.erase(by=bob, key=entry.key)
    assert not services.erase(by=bob, key=entry.key)
    entry.refresh_from_db()
    assert (bytes(entry.sealed), entry.erased_by, entry.campaign_key) == (b"", "bob", None)
    assert not Version.objects.exists()
    assert not Party.objects.exists()
    assert queries.search(by=bob, filters=Filters()).items == []
    with pytest.raises(Entry.DoesNotExist):
        services.tell_again(by=bob, key=entry.key, draft=draft(), version=1)


def _doings() -> list[Callable[[Any, Entry], object]]:
    return [
        lambda by, _entry: services.tell(by=by, draft=draft()),
        lambda by, one: services.tell_again(by=by, key=one.key, draft=draft(), version=1),
        lambda by, one: services.finish(by=by, key=one.key),
        lambda by, one: services.erase(by=by, key=one.key),
    ]


def test_it_lets_nobody_write_who_may_only_read() -> None:
    entry = told(keeper())
    reader = organiser("rita", "read_log")
    for do in _doings():
        with pytest.raises(PermissionDenied):
            do(reader, entry)
    assert queries.search(by=reader, filters=Filters()).items


def test_it_shows_nothing_to_who_may_not_read() -> None:
    entry = told(keeper())
    stranger = organiser("stan")
    for look in (
        lambda: queries.search(by=stranger, filters=Filters()),
        lambda: list(queries.stream(by=stranger, filters=Filters())),
        lambda: queries.entry(by=stranger, key=entry.key),
        lambda: queries.versions(by=stranger, of=entry),
    ):
        with pytest.raises(PermissionDenied):
            look()
    assert queries.number_with(by=stranger, target=SENATOR[0]) == 0


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key folder that a test may rotate."""
    keyring.init(tmp_path / "keys")
    use_settings(monkeypatch, var=str(tmp_path))
    return env.load().path("keys")


def test_it_goes_along_to_a_new_data_key(own_keys: Path) -> None:
    bob = keeper()
    entry = told(bob)
    services.tell_again(by=bob, key=entry.key, draft=draft(said="They agreed."), version=1)
    keyring.rotate(own_keys, "data")
    assert (vault.reseal(), vault.reseal()) == (3, 0)
    keyring.retire(own_keys, "data")
    opened = queries.entry(by=bob, key=entry.key)
    assert opened is not None
    assert opened.said is not None
    assert opened.said.said == "They agreed."
    assert [bool(one.telling) for one in queries.versions(by=bob, of=entry)] == [True, True]


def test_it_would_be_shut_without_resealing(own_keys: Path) -> None:
    bob = keeper()
    entry = told(bob)
    keyring.rotate(own_keys, "data")
    keyring.retire(own_keys, "data")
    entry.refresh_from_db()
    with pytest.raises(sealing.CannotOpen):
        vault.open_entry(entry)
