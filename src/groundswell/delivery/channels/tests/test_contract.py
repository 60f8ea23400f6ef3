"""What every channel keeps to, whoever writes it."""

from pathlib import Path

import pytest

from groundswell.base import env
from groundswell.base.errors import SendFailed
from groundswell.delivery.channels import registry
from groundswell.delivery.channels.registry import CHANNELS
from groundswell.delivery.pdf.tests.samples import letter
from groundswell.delivery.post import NoRoom, ServerDown
from groundswell.delivery.states import BY_SUPPORTER

FOLDER = Path(__file__).parents[1]
# Sent by the supporter's own mail program: there is nothing to write for it.
WITHOUT_FOLDER = {"mailto"}


def test_it_has_a_folder_with_tests_for_each_way() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/__init__.py")} - {"tests"}
    assert folders == set(CHANNELS) | (BY_SUPPORTER - WITHOUT_FOLDER)
    for name in folders:
        assert list(FOLDER.glob(f"{name}/tests/test_*.py")), f"{name} has no tests"


def test_it_keeps_what_we_send_and_what_supporters_send_apart() -> None:
    assert not set(CHANNELS) & BY_SUPPORTER


@pytest.mark.parametrize("name", CHANNELS)
def test_it_describes_itself(name: str) -> None:
    channel = CHANNELS[name]
    assert channel.name == name
    assert len(name) <= 16  # a column's width
    assert channel.connections() >= 1
    assert isinstance(channel.repeats, bool)
    assert isinstance(channel.paced, bool)


@pytest.mark.parametrize("name", CHANNELS)
def test_it_sends_nothing_on_a_fresh_installation(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = env.read({"GROUNDSWELL_SMTP_PORT": "1"})
    monkeypatch.setattr(env, "load", lambda: fresh)
    assert registry.is_on(name) == (name == "email")
    with pytest.raises((SendFailed, ServerDown, NoRoom)) as failed:
        CHANNELS[name].send(letter(address="office@example.org"))
    if isinstance(failed.value, SendFailed):
        assert not failed.value.permanent
    CHANNELS[name].close()
    CHANNELS[name].close()


def test_it_knows_no_other_channel() -> None:
    assert not registry.is_on("pigeon")
