"""The DNS records without which our mail is taken for somebody else's."""

from collections.abc import Iterator
from email.utils import parseaddr
from typing import Final

import dns.exception
import dns.resolver

from groundswell.ops.doctor.finding import Finding, Host, setting

SUBJECT: Final = "DNS for mail"
SECONDS: Final = 5.0
_EXAMPLES: Final = ("example.org", "example.com", "example.net", "localhost", "test", "invalid")
_AT_YOUR_DNS: Final = "at your DNS provider"


def check(host: Host) -> Iterator[Finding]:
    """MX, SPF, DMARC, and DKIM where its selector is known."""
    domains = {
        parseaddr(getattr(host.settings, name))[1].rpartition("@")[2].lower(): name
        for name in ("letters_from", "mail_from")
    }
    for domain, name in domains.items():
        if domain:
            yield from _of_domain(domain, name, host)


def _of_domain(domain: str, name: str, host: Host) -> Iterator[Finding]:
    if any(domain == example or domain.endswith(f".{example}") for example in _EXAMPLES):
        yield Finding(
            host.serious,
            SUBJECT,
            f"mails come from {domain}, which is only an example",
            f"set {setting(name)} to an address of your own",
        )
        return
    try:
        found = list(_missing(domain, host.settings.dkim_selector))
    except dns.exception.DNSException as error:
        text = f"the DNS cannot be asked about {domain}: {type(error).__name__}"
        yield Finding("note", SUBJECT, text, "look at /etc/resolv.conf, and try again")
        return
    yield from found or [Finding("ok", SUBJECT, f"{domain} has MX, SPF and DMARC records")]


def resolver() -> dns.resolver.Resolver:
    """The system's resolver."""
    return dns.resolver.Resolver()


def _missing(domain: str, selector: str) -> Iterator[Finding]:
    if not _records(domain, "MX"):
        yield _wrong(
            f"{domain} has no MX record: mails that bounce and answers to us get lost",
            f"add the MX records of your mail provider {_AT_YOUR_DNS}",
        )
    yield from _spf(domain)
    if not _texts(f"_dmarc.{domain}", "v=DMARC1"):
        yield _wrong(
            f"{domain} has no DMARC record: large providers refuse bulk mail without one",
            f'add a TXT record `_dmarc.{domain}` "v=DMARC1; p=none" {_AT_YOUR_DNS}',
        )
    if not selector:
        yield Finding(
            "note",
            SUBJECT,
            "DKIM was not looked at",
            f"set {setting('dkim_selector')} to the selector your mail provider gave you",
        )
    elif not _texts(f"{selector}._domainkey.{domain}", ""):
        yield _wrong(
            f"{selector}._domainkey.{domain} has no DKIM record: signatures cannot be checked",
            f"add the TXT or CNAME record your mail provider gave you {_AT_YOUR_DNS}",
        )


def _spf(domain: str) -> Iterator[Finding]:
    found = _texts(domain, "v=spf1")
    if not found:
        yield _wrong(
            f"{domain} has no SPF record: our mails look forged",
            f'add a TXT record like "v=spf1 include:your-provider.example -all" {_AT_YOUR_DNS}',
        )
    elif len(found) > 1:
        yield _wrong(
            f"{domain} has {len(found)} SPF records, so none is valid", "put them into one"
        )


def _texts(name: str, begin: str) -> list[str]:
    found = (
        b"".join(getattr(record, "strings", ())).decode("latin-1")
        for record in _records(name, "TXT")
    )
    return [text for text in found if text.lower().startswith(begin.lower())]


def _records(name: str, kind: str) -> list[dns.rdata.Rdata]:
    try:
        return list(resolver().resolve(name, kind, lifetime=SECONDS, search=False))
    except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
        return []


def _wrong(text: str, mend: str) -> Finding:
    return Finding("wrong", SUBJECT, text, mend)
