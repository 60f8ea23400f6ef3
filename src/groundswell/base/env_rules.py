"""What a setting's value must be like, beyond its type. Found out here, it can be named; later it
would only be a traceback, or worse: a password sent without TLS.
"""

import base64
import ipaddress
import re
import zoneinfo
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

Rule = tuple[Callable[[Any], object], str]

_MACHINE: Final = re.compile(r"([0-9A-Za-z][0-9A-Za-z-]{0,39})?")
_CONTACT: Final = re.compile(r"([^<>]{6,} <[^<>@\s]+@[^<>@\s]+> \d{3}-\d{3}-\d{4})?")
_ACCOUNT: Final = re.compile(r"(AC[0-9a-f]{32})?")
_NUMBER: Final = re.compile(r"(\+[1-9]\d{6,14})?")
_COUNTRIES: Final = re.compile(r"[A-Z]{2}( [A-Z]{2})*")
_HEADER: Final = re.compile(r"([0-9A-Za-z-]{1,64})?")
_TIME: Final = r"([01]\d|2[0-3]):[0-5]\d"
_WINDOW: Final = re.compile(rf"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) {_TIME}-{_TIME}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[a-z]{2,8})*")


def broken(name: str, value: object) -> str:
    """What the setting should be instead; empty when its value will do."""
    rule = _RULES.get(name)
    if rule is None:
        return ""
    holds, wanted = rule
    try:
        return "" if holds(value) else wanted
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return wanted


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _are_sources(urls: str) -> bool:
    return all(_is_address(url) and urlsplit(url).port for url in urls.split())


def _is_database(url: str) -> bool:
    return url == "sqlite" or (url.startswith("postgresql://") and bool(urlsplit(url).path[1:]))


def _are_languages(codes: str) -> bool:
    return bool(codes.split()) and all(map(_LANGUAGE.fullmatch, codes.split()))


def _are_networks(text: str) -> bool:
    for part in text.replace(",", " ").split():
        ipaddress.ip_network(part, strict=False)
    return True


def _is_inbox(place: str) -> bool:
    parts = urlsplit(place)
    if parts.scheme not in {"imap", "imaps"}:
        return "://" not in place
    return bool(parts.hostname and parts.username and not parts.password)


def _is_gateway(url: str) -> bool:
    return not url or _is_address(url)


def _are_windows(text: str) -> bool:
    return all(_WINDOW.fullmatch(part.strip()) for part in text.split(",") if part.strip())


def _are_webhook_keys(text: str) -> bool:
    keys = [base64.b64decode(key.removeprefix("whsec_"), validate=True) for key in text.split()]
    return text.count("whsec_") == len(keys) and all(24 <= len(key) <= 64 for key in keys)


def _is_zone(name: str) -> bool:
    return bool(zoneinfo.ZoneInfo(name))


_ADDRESS: Final[Rule] = (_is_address, "an address such as https://act.example.org")
_GATEWAY: Final[Rule] = (_is_gateway, "an address such as https://crm.example.org/letters")
_NETWORKS: Final[Rule] = (_are_networks, "networks such as 192.0.2.0/24, with spaces between them")
_PORT: Final[Rule] = (lambda port: 1 <= port <= 65535, "a port from 1 to 65535")
_AT_LEAST_ONE: Final[Rule] = (lambda number: number >= 1, "1 or more")
_NOT_NEGATIVE: Final[Rule] = (lambda number: number >= 0, "0 or more")

_RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "var": (bool, "a folder"),
        "public_url": _ADDRESS,
        "studio_url": _ADDRESS,
        "public_port": _PORT,
        "studio_port": _PORT,
        "mailbox_port": _PORT,
        "smtp_port": _PORT,
        "metrics_port": (lambda port: 0 <= port <= 65535, "a port up to 65535, or 0"),
        "intake_workers": _AT_LEAST_ONE,
        "database": (_is_database, "`sqlite` or postgresql://user:password@host/name"),
        "languages": (_are_languages, "language codes such as `en ar`"),
        "time_zone": (_is_zone, "a time zone such as Europe/Lisbon"),
        "trusted_proxies": _NETWORKS,
        "country_header": (_HEADER.fullmatch, "a header's name, e.g. `cf-ipcountry`"),
        "rate_burst": _AT_LEAST_ONE,
        "rate_per_second": _NOT_NEGATIVE,
        "rate_exempt": _NETWORKS,
        "journal_queue": _AT_LEAST_ONE,
        "journal_name": (_MACHINE.fullmatch, "up to 40 letters, digits and hyphens, e.g. `edge1`"),
        "journal_sources": (_are_sources, "addresses such as http://10.0.0.5:8010"),
        "ferry_port": _PORT,
        "journal_reserve_mb": _NOT_NEGATIVE,
        "smtp_tls": (lambda way: way in {"none", "starttls", "tls"}, "`none`, `starttls` or `tls`"),
        "mail_per_second": (lambda rate: rate > 0, "more than 0"),
        "mail_connections": (lambda number: 1 <= number <= 100, "from 1 to 100"),
        "mails_per_address": _NOT_NEGATIVE,
        "confirm_days": _AT_LEAST_ONE,
        "remind_hours": _NOT_NEGATIVE,
        "letters_inbox": (_is_inbox, "a folder, or imaps://name@host/INBOX"),
        "letters_connections": (lambda number: 1 <= number <= 100, "from 1 to 100"),
        "letters_per_hour": _NOT_NEGATIVE,
        "letters_per_minute": _NOT_NEGATIVE,
        "letters_batch_hours": _AT_LEAST_ONE,
        "cwc_house_url": _GATEWAY,
        "cwc_house_offices": _GATEWAY,
        "cwc_senate_url": _GATEWAY,
        "cwc_senate_offices": _GATEWAY,
        "cwc_contact": (_CONTACT.fullmatch, "`Name <name@example.org> 202-555-0123`"),
        "cwc_per_second": (lambda rate: 0 < rate <= 5, "more than 0 and 5 at most"),
        "cwc_quiet": (_are_windows, "times such as `Sat 22:00-02:00`, with commas between them"),
        "webhook_url": _GATEWAY,
        "webhook_secrets": (_are_webhook_keys, "`whsec_` and 24 to 64 bytes in base64"),
        "twilio_account_sid": (_ACCOUNT.fullmatch, "`AC` and 32 hex digits"),
        "twilio_number": (_NUMBER.fullmatch, "a number such as +442079460000"),
        "twilio_url": _ADDRESS,
        "twilio_countries": (_COUNTRIES.fullmatch, "countries such as `US GB`"),
        "twilio_calls_per_number_a_day": _AT_LEAST_ONE,
        "twilio_calls_per_campaign_a_day": _AT_LEAST_ONE,
        "voice_port": _PORT,
        "delivery_allow": _NETWORKS,
        "rehearse_allow": _NETWORKS,
        "fetch_allow": _NETWORKS,
    }
)
