from collections.abc import Callable, Iterator
from typing import Any

import pytest

from groundswell.base import env
from groundswell.studio import checks


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    def change(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"GROUNDSWELL_{name.upper()}", value)
        env.load.cache_clear()

    yield change
    monkeypatch.undo()
    env.load.cache_clear()


def _ids(found: list[Any]) -> list[str]:
    assert all(message.hint for message in found)
    return [message.id for message in found]


def test_it_finds_nothing_in_a_fresh_installation() -> None:
    assert not checks.check_urls()
    assert not checks.check_languages()
    assert not checks.check_second_factor()


def test_it_wants_https_in_production(setting: Callable[..., None]) -> None:
    setting(production="true", public_url="http://act.example.org")
    assert _ids(checks.check_urls()) == ["groundswell.E002", "groundswell.E002"]
    setting(public_url="https://act.example.org", studio_url="https://studio.example.org")
    assert _ids(checks.check_urls()) == []


def test_it_wants_the_studio_behind_a_door_of_its_own(setting: Callable[..., None]) -> None:
    setting(public_url="http://act.example.org", studio_url="http://act.example.org/")
    assert _ids(checks.check_urls()) == ["groundswell.E001"]


def test_it_names_a_language_nobody_knows(setting: Callable[..., None]) -> None:
    setting(languages="en xx")
    assert _ids(checks.check_languages()) == ["groundswell.E004"]


def test_it_warns_when_a_password_alone_is_enough(setting: Callable[..., None]) -> None:
    setting(production="true", require_two_factor="false")
    assert _ids(checks.check_second_factor()) == ["groundswell.W001"]
    setting(require_two_factor="true")
    assert _ids(checks.check_second_factor()) == []
