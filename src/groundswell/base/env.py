"""Every setting, declared once. `docs/settings.md` is made from this file and a test compares them.

A setting NAME is read from the environment as GROUNDSWELL_NAME; for a secret, GROUNDSWELL_NAME_FILE
may name a file that holds it.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final, get_type_hints

import msgspec

from groundswell.base import env_rules

PREFIX: Final = "GROUNDSWELL_"


class SettingError(Exception):
    """A setting has a value we cannot use. The message names it and says what would do."""


def _help(text: str, *, secret: bool = False) -> msgspec.Meta:
    return msgspec.Meta(description=text, extra={"secret": secret})


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The installation's settings, typed. Read them with `load()`."""

    var: Annotated[str, _help("Folder for all data of this installation.")] = "var"
    public_url: Annotated[
        str,
        _help(
            "Where supporters reach the public pages; every public link starts with it. "
            "Unset: this machine and `public_port`."
        ),
    ] = ""
    studio_url: Annotated[
        str, _help("Where organisers reach the studio. Unset: this machine and `studio_port`.")
    ] = ""
    site_name: Annotated[str, _help("The organisation's name, shown on pages and in mails.")] = (
        "Groundswell"
    )
    host: Annotated[str, _help("Address the servers listen on.")] = "127.0.0.1"
    public_port: Annotated[int, _help("Port of the public door.")] = 8000
    studio_port: Annotated[int, _help("Port of the studio.")] = 8001
    mailbox_port: Annotated[int, _help("Port of the page that shows the demo's mail.")] = 8002
    metrics_port: Annotated[int, _help("Private port of intake's metrics; 0 switches it off.")] = (
        8003
    )
    intake_workers: Annotated[int, _help("Worker processes of the public door.")] = 1
    database: Annotated[
        str,
        _help(
            "`sqlite` for a file in the data folder, or postgresql://user:password@host/name.",
            secret=True,
        ),
    ] = "sqlite"
    languages: Annotated[str, _help("Languages of the public pages, the main one first.")] = (
        "en ar fr es de"
    )
    time_zone: Annotated[str, _help("The organisers' time zone, for dates and `today`.")] = "UTC"
    production: Annotated[
        bool, _help("Serve over HTTPS only, hide the details of errors, require two factors.")
    ] = False
    require_two_factor: Annotated[
        bool | None, _help("Organisers must have a second factor; unset: as `production` says.")
    ] = None
    trusted_proxies: Annotated[
        str, _help("Networks whose X-Forwarded-For is believed, e.g. `127.0.0.1/32`.")
    ] = ""
    country_header: Annotated[
        str,
        _help("Header in which those networks say a visitor's country, e.g. `cf-ipcountry`."),
    ] = ""
    rate_burst: Annotated[int, _help("Submissions one network may send at once.")] = 300
    rate_per_second: Annotated[float, _help("Submissions a second one network may go on with.")] = (
        2.0
    )
    rate_exempt: Annotated[str, _help("Networks without that limit, e.g. a school on a day.")] = ""
    journal_queue: Annotated[int, _help("Submissions that may wait for the disk before 503.")] = (
        2048
    )
    journal_name: Annotated[
        str,
        _help(
            "This machine's name in the names of its journal files, where several machines' files "
            "come to one core."
        ),
    ] = ""
    journal_sources: Annotated[
        str,
        _help(
            "On core's host: addresses of the ferries on the intake hosts, with spaces between "
            "them, e.g. `http://10.0.0.5:8010`."
        ),
    ] = ""
    ferry_host: Annotated[str, _help("Private address the ferry listens on.")] = "127.0.0.1"
    ferry_port: Annotated[int, _help("Port of the ferry.")] = 8010
    ferry_token: Annotated[
        str, _help("What core shows to the ferries; the same on all hosts.", secret=True)
    ] = ""
    ferry_certificate: Annotated[
        str,
        _help(
            "PEM file for TLS between core and ferry: on an intake host its certificate and key, "
            "on core's the certificate to trust. Unset: no TLS on an intake host, the system's "
            "authorities on core's."
        ),
    ] = ""
    journal_reserve_mb: Annotated[
        int, _help("Free disk space, in MiB, below which intake refuses before it must.")
    ] = 64
    smtp_host: Annotated[str, _help("Host of the mail server.")] = "127.0.0.1"
    smtp_port: Annotated[int, _help("Port of the mail server.")] = 8025
    smtp_user: Annotated[str, _help("Name to log in to the mail server, if it asks.")] = ""
    smtp_password: Annotated[str, _help("Password for the mail server.", secret=True)] = ""
    smtp_tls: Annotated[str, _help("`none`, `starttls` or `tls`.")] = "none"
    mail_from: Annotated[str, _help("Address our mails come from.")] = (
        "Groundswell <campaign@example.org>"
    )
    dkim_selector: Annotated[
        str, _help("Selector of your DKIM key, for `groundswell doctor` to look it up.")
    ] = ""
    mail_per_second: Annotated[float, _help("Confirmation mails a second, at most.")] = 20.0
    mail_connections: Annotated[
        int, _help("Connections to the mail server at once, at most; ask your provider.")
    ] = 4
    mails_per_address: Annotated[int, _help("Mails a day to one address, over all campaigns.")] = 3
    confirm_days: Annotated[int, _help("Days for which a confirmation link works.")] = 14
    remind_hours: Annotated[int, _help("Hours after which one reminder is sent; 0 sends none.")] = (
        48
    )
    letters_from: Annotated[
        str,
        _help(
            "Address letters to decision makers come from, under their sender's name; "
            "unset: as `mail_from`."
        ),
    ] = ""
    letters_inbox: Annotated[
        str,
        _help(
            "Where mail to `reply+…` and `bounce+…` at the domain of `letters_from` arrives: a "
            "Maildir folder, or a mailbox such as imaps://name@mail.example.org/INBOX. Unset: "
            "bounces and answers go to `letters_from` itself, and are not seen here."
        ),
    ] = ""
    letters_inbox_password: Annotated[
        str, _help("Password of that mailbox, when it is not a folder.", secret=True)
    ] = ""
    letters_connections: Annotated[
        int, _help("Connections to the mail server for letters at once, at most.")
    ] = 2
    letters_per_hour: Annotated[
        float, _help("Letters an hour to one decision maker, about; 0: as many as there are.")
    ] = 30.0
    letters_per_minute: Annotated[
        float, _help("Letters a minute to one mail domain, about; 0: as many as there are.")
    ] = 60.0
    letters_office_hours: Annotated[
        bool, _help("Send letters only in the office hours of those who get them, if known.")
    ] = True
    letters_batch_hours: Annotated[
        int, _help("Hours for which equal letters wait for each other, where a page says so.")
    ] = 24
    cwc_house_url: Annotated[
        str,
        _help(
            "Full address to which messages to the US House of Representatives are posted, as its "
            "agreement with you says, with `{key}` where the key goes. Unset: none are."
        ),
    ] = ""
    cwc_house_key: Annotated[str, _help("Your key for the House.", secret=True)] = ""
    cwc_house_offices: Annotated[
        str, _help("Full address of the House's list of active offices, if it has one.")
    ] = ""
    cwc_senate_url: Annotated[
        str, _help("The same for the US Senate. Unset: nothing is posted to senators.")
    ] = ""
    cwc_senate_key: Annotated[str, _help("Your key for the Senate.", secret=True)] = ""
    cwc_senate_offices: Annotated[
        str, _help("Full address of the Senate's list of active offices. Ask for it: not all are.")
    ] = ""
    cwc_agent: Annotated[
        str, _help("Your organisation as Congress knows it; unset: as `site_name`.")
    ] = ""
    cwc_contact: Annotated[
        str,
        _help(
            "Whom Congress asks about your messages, e.g. "
            "`Robin Example <robin@example.org> 202-555-0123`."
        ),
    ] = ""
    cwc_per_second: Annotated[
        float, _help("Messages a second to each chamber, 5 at most, as their rules say.")
    ] = 4.0
    cwc_quiet: Annotated[
        str,
        _help(
            "When Congress keeps its gateways closed, e.g. `Sat 22:00-02:00, Tue 05:00-05:30`, in "
            "the time of Washington."
        ),
    ] = ""
    webhook_url: Annotated[
        str, _help("Where letters by webhook are posted, signed. Unset: none are.")
    ] = ""
    webhook_secrets: Annotated[
        str,
        _help(
            "Keys that sign them, `whsec_…`; to change the key put the new one before the old and "
            "take the old away when the other side has the new.",
            secret=True,
        ),
    ] = ""
    twilio_account_sid: Annotated[
        str,
        _help(
            "Your account at Twilio, `AC…`, with which call pages can ring supporters and connect "
            "them. Unset, here or in the two below: none can."
        ),
    ] = ""
    twilio_auth_token: Annotated[
        str,
        _help("Its auth token; for core, and for `groundswell voice` alone.", secret=True),
    ] = ""
    twilio_number: Annotated[
        str, _help("Your number there, which everybody called sees, e.g. `+442079460000`.")
    ] = ""
    twilio_url: Annotated[str, _help("Where Twilio is asked to ring somebody.")] = (
        "https://api.twilio.com"
    )
    twilio_countries: Annotated[
        str, _help("Countries whose supporters are rung; each costs what your account says.")
    ] = "US CA GB"
    twilio_calls_per_number_a_day: Annotated[
        int, _help("How often one telephone is rung within a day, at most.")
    ] = 2
    twilio_calls_per_campaign_a_day: Annotated[
        int, _help("How many supporters of one campaign are rung within a day, at most.")
    ] = 500
    voice_port: Annotated[int, _help("Port of `groundswell voice`, which Twilio speaks to.")] = 8020
    delivery_allow: Annotated[
        str,
        _help(
            "Private networks in which the addresses above may be, also without HTTPS, e.g. your "
            "own CRM's: `10.0.0.8/32`."
        ),
    ] = ""
    rehearse_allow: Annotated[
        str, _help("Networks that may be rehearsed against, e.g. a test installation's.")
    ] = "127.0.0.0/8 ::1/128"
    fetch_allow: Annotated[
        str,
        _help(
            "Private networks in which `groundswell directory refresh` may ask, also without "
            "HTTPS, e.g. that of your own mirror: `10.0.0.7/32`."
        ),
    ] = ""

    def path(self, *parts: str) -> Path:
        """A path inside the data folder."""
        return Path(self.var, *parts).absolute()

    @property
    def language_codes(self) -> list[str]:
        """The public pages' languages, the main one first."""
        return self.languages.split()

    @property
    def offers_ring(self) -> bool:
        """Whether pages can offer to ring supporters: asked where the token is not known."""
        return bool(self.twilio_account_sid and self.twilio_number)

    @property
    def rings(self) -> bool:
        """Whether this process can have supporters rung, or speak to Twilio when they are."""
        return self.offers_ring and bool(self.twilio_auth_token)

    @property
    def two_factor(self) -> bool:
        """Whether organisers must have a second factor."""
        return self.production if self.require_two_factor is None else self.require_two_factor


def read(environ: Mapping[str, str]) -> Settings:
    """Settings from an environment. Raises SettingError that names the setting at fault."""
    values: dict[str, str] = {}
    for name in Settings.__struct_fields__:
        value = _value(environ, name)
        if value is not None:
            values[name] = value
    unknown = _unknown(environ)
    if unknown:
        raise SettingError(f"{unknown} is not a setting; docs/settings.md lists them all")
    values.setdefault("public_url", f"http://localhost:{values.get('public_port', 8000)}")
    values.setdefault("studio_url", f"http://localhost:{values.get('studio_port', 8001)}")
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingError(_explain(error)) from error
    for name in Settings.__struct_fields__:
        wanted = env_rules.broken(name, getattr(settings, name))
        if wanted:
            raise SettingError(f"{PREFIX}{name.upper()} should be {wanted}")
    return settings


@cache
def load() -> Settings:
    """This process's settings, read once."""
    return read(os.environ)


def describe() -> list[tuple[str, str, str, bool]]:
    """(environment name, default, help, secret) of every setting, in order."""
    hints = get_type_hints(Settings, include_extras=True)
    rows = []
    for field in msgspec.structs.fields(Settings):
        meta = hints[field.name].__metadata__[0]
        default = "" if field.default is None else str(field.default)
        rows.append((PREFIX + field.name.upper(), default, meta.description, meta.extra["secret"]))
    return rows


def _value(environ: Mapping[str, str], name: str) -> str | None:
    key = PREFIX + name.upper()
    file = environ.get(key + "_FILE")
    if file is None:
        return environ.get(key)
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise SettingError(f"{key}_FILE names {file}, which cannot be read: {error}") from error


def _unknown(environ: Mapping[str, str]) -> str | None:
    known = {PREFIX + name.upper() for name in Settings.__struct_fields__}
    for key in sorted(environ):
        if key.startswith(PREFIX) and key.removesuffix("_FILE") not in known:
            return key
    return None


def _explain(error: msgspec.ValidationError) -> str:
    reason, _, place = str(error).partition(" - at `$.")
    return f"{PREFIX}{place.rstrip('`').upper()}: {reason}"
