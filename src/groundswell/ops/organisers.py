"""`groundswell organiser …`: accounts, for the first organiser and for lost passwords."""

import importlib
import secrets
from typing import Any, Final

from groundswell.base.errors import Trouble
from groundswell.ops import django

ROLES: Final = {
    "administrator": "Administrators",
    "campaigner": "Campaigners",
    "moderator": "Moderators",
}
# Easy to read out and to type: no 0 and o, no 1 and l.
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"


def create(*, username: str, email: str, role: str) -> None:
    """Make an account and print its password, once."""
    django.prepared()
    if _find(username) is not None:
        raise Trouble(f"there is an organiser {username} already; `organiser password` helps them")
    password = make(username=username, email=email, role=role)
    print(f"{username} may now log in as {role}, with the password {password}")


def password(*, username: str) -> None:
    """Set a new password and print it, once."""
    django.prepared()
    organiser = _find(username)
    if organiser is None:
        raise Trouble(f"there is no organiser {username}")
    fresh = new_password()
    organiser.set_password(fresh)
    organiser.save(update_fields=["password"])
    print(f"The new password of {username} is {fresh}")


def make(*, username: str, email: str, role: str) -> str:
    """Make an account, or give one of that name a new password; returns the password.

    Django must be set up.
    """
    fresh = new_password()
    bootstrap = importlib.import_module("groundswell.studio.bootstrap")
    bootstrap.make_organiser(username=username, email=email, password=fresh, role=ROLES[role])
    return fresh


def new_password() -> str:
    """79 bits, in four groups."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _find(username: str) -> Any:
    from django.contrib.auth import get_user_model  # noqa: PLC0415  after Django is set up

    return get_user_model().objects.filter(username=username).first()
