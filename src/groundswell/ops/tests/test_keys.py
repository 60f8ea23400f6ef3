"""Keys by hand: no key goes that somebody still depends on."""

from pathlib import Path

import pytest

from groundswell.base import clock, env, keyring
from groundswell.base.errors import Trouble
from groundswell.delivery.tests.mailserver import use_settings
from groundswell.ops import keys
from groundswell.people import drain, vault
from groundswell.people.erase import erase
from groundswell.people.mail import is_stopped
from groundswell.people.models import Participation, StopList
from groundswell.people.tests.journal import click, sign, write

pytestmark = pytest.mark.django_db
STAYS, LEAVES = "stays@example.org", "leaves@example.org"


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Participation]:
    """Two who want no more mail, in an installation with keys of its own."""
    keyring.init(tmp_path / "keys")
    use_settings(monkeypatch, var=str(tmp_path))
    signed = [sign(STAYS), sign(LEAVES)]
    stops = [click(one, "manage", do="stop_mail") for one in signed]
    drain.drain(write(tmp_path / "journal", [*signed, *stops]))
    return list(Participation.objects.order_by("pk"))


def rotate() -> None:
    keys.rotate(purpose="index")


def held() -> int:
    return len(keyring.load(env.load().path("keys"), "index").keys)


def stops(email: str) -> bool:
    return is_stopped(vault.Personal({"email": email}))


def test_it_takes_stop_requests_along_to_a_new_key(stopped: list[Participation]) -> None:
    rotate()
    assert stops(STAYS)
    keys.retire(purpose="index", sure=False)
    assert held() == 1
    assert stops(STAYS)
    assert stops(LEAVES)
    assert StopList.objects.count() == 2


def test_it_keeps_an_old_key_that_only_a_stop_request_needs(
    stopped: list[Participation],
) -> None:
    erase(submission_id=stopped[1].submission_id, at=clock.now())
    rotate()
    with pytest.raises(Trouble, match=r"1 of those .* --sure"):
        keys.retire(purpose="index", sure=False)
    assert held() == 2
    assert stops(STAYS)
    assert stops(LEAVES)


def test_it_would_write_to_them_again_without_the_old_key(stopped: list[Participation]) -> None:
    erase(submission_id=stopped[1].submission_id, at=clock.now())
    rotate()
    keys.retire(purpose="index", sure=True)
    assert held() == 1
    assert stops(STAYS)
    assert not stops(LEAVES)


def test_it_finds_a_stop_request_of_somebody_who_signed_again(
    stopped: list[Participation], tmp_path: Path
) -> None:
    erase(submission_id=stopped[1].submission_id, at=clock.now())
    rotate()
    drain.drain(write(tmp_path / "journal", [sign(LEAVES)]))
    keys.retire(purpose="index", sure=False)
    assert stops(LEAVES)


def test_it_notes_a_stop_request_by_the_current_key(
    stopped: list[Participation], tmp_path: Path
) -> None:
    late = sign("late@example.org")
    drain.drain(write(tmp_path / "journal", [late]))
    rotate()
    drain.drain(write(tmp_path / "journal", [click(late, "manage", do="stop_mail")]))
    row = Participation.objects.get(submission_id=late.id.hex())
    erase(submission_id=row.submission_id, at=clock.now())
    keys.retire(purpose="index", sure=False)
    assert stops("late@example.org")
