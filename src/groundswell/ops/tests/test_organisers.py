"""Accounts made from the command line."""

import pytest
from django.contrib.auth import authenticate

from groundswell.base.errors import Trouble
from groundswell.ops import organisers


@pytest.mark.django_db
def test_it_makes_an_organiser_who_can_log_in(capsys: pytest.CaptureFixture[str]) -> None:
    organisers.create(username="anna", email="anna@example.org", role="campaigner")
    password = capsys.readouterr().out.split()[-1]
    found = authenticate(None, username="anna", password=password)
    assert found is not None
    assert [group.name for group in found.groups.all()] == ["Campaigners"]


@pytest.mark.django_db
def test_it_gives_a_new_password_and_ends_the_old_one(capsys: pytest.CaptureFixture[str]) -> None:
    organisers.create(username="anna", email="", role="administrator")
    old = capsys.readouterr().out.split()[-1]
    organisers.password(username="anna")
    new = capsys.readouterr().out.split()[-1]
    assert authenticate(None, username="anna", password=new) is not None
    assert authenticate(None, username="anna", password=old) is None


@pytest.mark.django_db
def test_it_does_not_take_over_an_account() -> None:
    organisers.create(username="anna", email="", role="administrator")
    with pytest.raises(Trouble, match="organiser anna already"):
        organisers.create(username="anna", email="", role="moderator")
    with pytest.raises(Trouble, match="no organiser bert"):
        organisers.password(username="bert")


def test_it_makes_passwords_that_nobody_guesses() -> None:
    made = {organisers.new_password() for _ in range(100)}
    assert len(made) == 100
    assert all(len(password) == 19 for password in made)
