"""What is wrong with an installation's settings, said at the start and with the remedy."""

from typing import Any

from django.conf.locale import LANG_INFO
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

from groundswell.base import env


def register_all() -> None:
    """Put our checks beside Django's. Called once."""
    register(check_urls, Tags.security)
    register(check_languages, Tags.translation)
    register(check_second_factor, Tags.security)


def check_urls(**_: Any) -> list[CheckMessage]:
    """Both doors over HTTPS in production, and never the same door."""
    settings = env.load()
    found: list[CheckMessage] = []
    if settings.public_url.rstrip("/") == settings.studio_url.rstrip("/"):
        found.append(
            Error(
                "The studio and the public pages have the same address.",
                hint="Give GROUNDSWELL_STUDIO_URL a host name or port of its own.",
                id="groundswell.E001",
            )
        )
    found.extend(
        Error(
            f"GROUNDSWELL_{name.upper()} does not start with https://.",
            hint="In production both doors are reached over HTTPS only.",
            id="groundswell.E002",
        )
        for name in ("public_url", "studio_url")
        if settings.production and not getattr(settings, name).startswith("https://")
    )
    return found


def check_languages(**_: Any) -> list[CheckMessage]:
    """Each language is one Django knows."""
    return [
        Error(
            f"GROUNDSWELL_LANGUAGES names {code}, which is not a language we know.",
            hint="Use codes like en, fr, pt-br or zh-hans.",
            id="groundswell.E004",
        )
        for code in env.load().language_codes
        if code not in LANG_INFO
    ]


def check_second_factor(**_: Any) -> list[CheckMessage]:
    """In production, a stolen password alone should open nothing."""
    settings = env.load()
    if not settings.production or settings.two_factor:
        return []
    return [
        Caution(
            "Organisers may log in with a password alone.",
            hint="Unset GROUNDSWELL_REQUIRE_TWO_FACTOR to ask for a second factor.",
            id="groundswell.W001",
        )
    ]
