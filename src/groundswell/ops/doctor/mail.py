"""The mail server: really connects and logs in, and sends nothing."""

import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterator
from typing import Final

from groundswell.base.env import Settings
from groundswell.ops.doctor.finding import Finding, Host, setting

SUBJECT: Final = "mail server"
SECONDS: Final = 10


def check(host: Host) -> Iterator[Finding]:
    """It answers, its certificate is good, it lets us in."""
    settings = host.settings
    found = [*_in_the_clear(settings), *_connects(settings)]
    place = f"{settings.smtp_host} port {settings.smtp_port}"
    yield from found or [Finding("ok", SUBJECT, f"{place} lets us in")]


def _connects(settings: Settings) -> Iterator[Finding]:
    place = f"{settings.smtp_host} port {settings.smtp_port}"
    try:
        with _session(settings) as session:
            session.noop()
    except smtplib.SMTPAuthenticationError as error:
        yield _wrong(
            f"{place} refuses the name or password ({error.smtp_code})",
            f"look at {setting('smtp_user')} and {setting('smtp_password')}",
        )
    except ssl.SSLError as error:
        yield _wrong(
            f"TLS with {place} fails: {error.reason or error}",
            f"name the host its certificate is for in {setting('smtp_host')}, and look at"
            f" {setting('smtp_tls')} (`tls` goes with port 465, `starttls` with 587)",
        )
    except smtplib.SMTPNotSupportedError as error:
        yield _wrong(f"{place}: {error}", f"look at {setting('smtp_tls')}")
    except (smtplib.SMTPException, OSError) as error:
        yield _wrong(
            f"{place} does not take mail: {_said(error)}",
            f"look at {setting('smtp_host')}, {setting('smtp_port')} and a firewall in between",
        )


def _session(settings: Settings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    session: smtplib.SMTP
    if settings.smtp_tls == "tls":
        session = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=SECONDS, context=context
        )
    else:
        session = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SECONDS)
    try:
        if settings.smtp_tls == "starttls":
            session.starttls(context=context)
        if settings.smtp_user:
            session.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        session.close()
        raise
    return session


def _in_the_clear(settings: Settings) -> Iterator[Finding]:
    if settings.smtp_tls == "none" and not _is_here(settings.smtp_host):
        yield _wrong(
            f"mail goes to {settings.smtp_host} without TLS: names, links and the password are"
            " readable on the way",
            f"set {setting('smtp_tls')} to `starttls` or `tls`",
        )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _wrong(text: str, mend: str) -> Finding:
    return Finding("wrong", SUBJECT, text, mend)


def _said(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "no such host"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it says {error.smtp_code}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
