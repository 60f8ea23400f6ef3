"""A day that tests set."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from groundswell.base import clock


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Make it that day."""

    def set_day(day: date) -> None:
        monkeypatch.setattr(
            clock, "now", lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        )

    set_day(date(2026, 3, 2))
    return set_day
