"""For all tests: databases that are copied instead of migrated, since that takes half a minute."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests.support import databases


def pytest_configure() -> None:
    """Take SIGTERM for Ctrl-C: what fixtures have started must end with us."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(autouse=True)
def same_umask() -> Iterator[None]:
    """A command that a test runs in this process closes what it writes to other accounts; the next
    test's files must not be closed as well.
    """
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last the files that empty the database behind them: what Wagtail comes with is gone then."""

    def empties(item: pytest.Item) -> bool:
        mark = item.get_closest_marker("django_db")
        asked = {"live_server", "transactional_db"}.intersection(getattr(item, "fixturenames", ()))
        return bool(asked or (mark and mark.kwargs.get("transaction")))

    last = {item.path for item in items if empties(item)}
    items.sort(key=lambda item: item.path in last)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest
) -> None:
    """Name each worker's test database and, on PostgreSQL, what it is a copy of."""
    from django.db import connections

    test: dict[str, Any] = connections["default"].settings_dict["TEST"]
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    test.update(databases.copied(worker))


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Keep the file we have just copied; its folder goes at the end of the run."""
    return django_db_keepdb or databases.is_sqlite()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """At the end nobody may be connected any more, or PostgreSQL would not drop the database."""
    yield
    with django_db_blocker.unblock():
        databases.hang_up()
