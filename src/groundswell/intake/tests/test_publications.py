"""A publication is seen whole: what a publisher is in the middle of is not shown."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groundswell.intake import site as site_module
from groundswell.intake.site import Site
from groundswell.intake.tests import site_factory as factory

NEW = "/en/new/"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site that has been loaded once."""
    factory.write_site(tmp_path)
    (tmp_path / "site" / "lock").touch()
    loaded = Site(tmp_path / "site", languages=("en",), https=False)
    assert loaded.refresh()
    return loaded


@contextmanager
def publishing(folder: Path) -> Iterator[None]:
    """What a publisher holds while it writes."""
    with (folder / "site" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def publish_half(folder: Path) -> None:
    """One publication is complete and announced; of the next there is a first page."""
    factory.touch_generation(folder)
    factory.write_page(folder, NEW, "half")


def test_it_waits_for_a_publisher_to_finish(tmp_path: Path, site: Site) -> None:
    with publishing(tmp_path):
        publish_half(tmp_path)
        assert not site.refresh()
        assert NEW not in site.snapshot.assets
    assert site.refresh()
    assert NEW in site.snapshot.assets
    assert not site.refresh()


def test_control_without_a_look_at_the_lock_it_shows_half(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Site, "_is_being_written", lambda _: False)
    with publishing(tmp_path):
        publish_half(tmp_path)
        assert site.refresh()
        assert NEW in site.snapshot.assets


@pytest.mark.parametrize("ends", [True, False])
def test_it_throws_away_what_changed_while_it_looked(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch, ends: bool
) -> None:
    """A publisher begins while we read, and is done before we are, or is not."""
    load = Site._load
    with publishing(tmp_path):
        pass
    stack = publishing(tmp_path)

    def load_slowly(self: Site) -> site_module.Snapshot:
        found = load(self)
        monkeypatch.setattr(Site, "_load", load)
        stack.__enter__()
        factory.write_page(tmp_path, NEW, "new")
        if ends:
            factory.touch_generation(tmp_path)
            stack.__exit__(None, None, None)
        return found

    monkeypatch.setattr(Site, "_load", load_slowly)
    factory.touch_generation(tmp_path)
    before = site.snapshot
    assert not site.refresh()
    assert site.snapshot is before
    if not ends:
        stack.__exit__(None, None, None)
    assert site.refresh()
    assert NEW in site.snapshot.assets


def test_it_does_not_wait_for_ever(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with publishing(tmp_path):
        publish_half(tmp_path)
        assert not site.refresh()
        monkeypatch.setattr(site_module, "PATIENCE_SECONDS", 0.0)
        assert site.refresh()
        assert NEW in site.snapshot.assets


def test_it_takes_what_is_there_at_its_start(tmp_path: Path) -> None:
    factory.write_site(tmp_path)
    with publishing(tmp_path):
        fresh = Site(tmp_path / "site", languages=("en",), https=False)
        assert fresh.refresh()
    assert factory.PATH in fresh.snapshot.assets


def test_it_holds_no_lock_and_needs_none(tmp_path: Path, site: Site) -> None:
    factory.touch_generation(tmp_path)
    assert site.refresh()
    with (tmp_path / "site" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    (tmp_path / "site" / "lock").unlink()
    factory.touch_generation(tmp_path)
    assert site.refresh()
