"""Calls through Twilio: all three settings, and an address that Twilio can reach."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from groundswell.ops.doctor.finding import Finding, Host, setting

SUBJECT: Final = "ringing"


def check(host: Host) -> Iterator[Finding]:
    """Nothing where nobody wants it; else that it can work."""
    settings = host.settings
    names = ("twilio_account_sid", "twilio_auth_token", "twilio_number")
    missing = [name for name in names if not getattr(settings, name)]
    if len(missing) == len(names):
        return
    if missing:
        yield Finding(
            "wrong",
            SUBJECT,
            "supporters cannot be rung: a part of Twilio's settings is missing",
            f"set {' and '.join(setting(name) for name in missing)}, or none of the three",
        )
    elif urlsplit(settings.public_url).scheme != "https":
        yield Finding(
            "wrong",
            SUBJECT,
            "Twilio would ask our voice over plain HTTP, where everybody can listen",
            f"put {setting('public_url')} behind TLS: https://…",
        )
    else:
        yield Finding("ok", SUBJECT, "supporters can be rung and connected")
