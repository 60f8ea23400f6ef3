"""The mail server and the DNS, spoken to in their own protocols on this machine."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.message
import dns.resolver
import dns.rrset
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from groundswell.ops.doctor import mail, records
from groundswell.ops.doctor.finding import Finding
from groundswell.ops.doctor.tests.conftest import HostFactory, only
from tests.support.certificate import certificate
from tests.support.ports import free_port


class Sink:
    """Takes no mail: none may come."""

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802  aiosmtpd's name
        raise AssertionError("a mail was sent")


@contextmanager
def server(**options: Any) -> Iterator[str]:
    """A mail server; its port."""
    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield str(controller.port)
    finally:
        controller.stop()


def let_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data.password == b"battery", handled=False)


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate(tmp_path_factory.mktemp("tls")))
    return made


def test_it_is_let_in(host: HostFactory) -> None:
    with server() as port:
        only(list(mail.check(host(smtp_port=port))), "ok")


def test_it_finds_that_nobody_takes_mail(host: HostFactory) -> None:
    found = only(list(mail.check(host(smtp_port=str(free_port())))))
    assert "Connection refused" in found.text
    assert "GROUNDSWELL_SMTP_HOST" in found.mend


def test_it_finds_a_wrong_password(host: HostFactory) -> None:
    options = {"auth_require_tls": False, "authenticator": let_in}
    with server(**options) as port:
        right = {"smtp_port": port, "smtp_user": "me", "smtp_password": "battery"}
        only(list(mail.check(host(**right))), "ok")
        found = only(list(mail.check(host(**{**right, "smtp_password": "horse"}))))
    assert "535" in found.text
    assert "horse" not in found.text + found.mend


def test_it_finds_a_server_without_tls(host: HostFactory) -> None:
    with server() as port:
        found = only(list(mail.check(host(smtp_port=port, smtp_tls="starttls"))))
    assert "STARTTLS" in found.text


def test_it_finds_a_certificate_that_nobody_vouches_for(
    host: HostFactory, context: ssl.SSLContext
) -> None:
    with server(tls_context=context) as port:
        found = only(list(mail.check(host(smtp_port=port, smtp_tls="starttls"))))
    assert "TLS with 127.0.0.1" in found.text


def test_it_finds_names_that_go_out_in_the_clear(
    host: HostFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_connects", lambda _settings: iter(()))
    found = only(list(mail.check(host(smtp_host="smtp.example.org", smtp_port="587"))))
    assert "`starttls` or `tls`" in found.mend


# DNS --------------------------------------------------------------------------------------------

GOOD = {
    ("act.aldermere.town.", "MX"): ["10 mx.provider.net."],
    ("act.aldermere.town.", "TXT"): ['"v=spf1 include:provider.net -all"', '"else"'],
    ("_dmarc.act.aldermere.town.", "TXT"): ['"v=DMARC1; p=reject"'],
    ("one._domainkey.act.aldermere.town.", "TXT"): ['"v=DKIM1; p=AAAA"'],
}


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[tuple[str, str], list[str]]]:
    """The records of a DNS server on this machine, which is asked instead of the system's."""
    held = dict(GOOD)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=answer_all, args=(listening, held))
        thread.start()
        ours = dns.resolver.Resolver(configure=False)
        ours.nameservers, ours.port = ["127.0.0.1"], listening.getsockname()[1]
        monkeypatch.setattr(records, "resolver", lambda: ours)
        yield held
        listening.sendto(b"", listening.getsockname())
        thread.join()


def answer_all(listening: socket.socket, held: dict[tuple[str, str], list[str]]) -> None:
    while True:
        data, sender = listening.recvfrom(4096)
        if not data:
            return
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        question = query.question[0]
        kind = question.rdtype.name
        found = held.get((question.name.to_text(), kind))
        if found:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
        elif not any(name == question.name.to_text() for name, _ in held):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        listening.sendto(answer.to_wire(), sender)


def asked(host: HostFactory, selector: str = "one") -> list[Finding]:
    there = host(mail_from="Us <us@act.aldermere.town>", dkim_selector=selector)
    return list(records.check(there))


def test_it_is_content_with_all_records(
    host: HostFactory, zone: dict[tuple[str, str], list[str]]
) -> None:
    only(asked(host), "ok")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (("act.aldermere.town.", "MX"), "no MX record"),
        (("act.aldermere.town.", "TXT"), "no SPF record"),
        (("_dmarc.act.aldermere.town.", "TXT"), "no DMARC record"),
        (("one._domainkey.act.aldermere.town.", "TXT"), "no DKIM record"),
    ],
)
def test_it_finds_a_record_that_is_missing(
    host: HostFactory,
    zone: dict[tuple[str, str], list[str]],
    key: tuple[str, str],
    said: str,
) -> None:
    del zone[key]
    found = only(asked(host))
    assert said in found.text
    assert "DNS provider" in found.mend


def test_it_finds_two_spf_records(
    host: HostFactory, zone: dict[tuple[str, str], list[str]]
) -> None:
    zone["act.aldermere.town.", "TXT"] = ['"v=spf1 -all"', '"v=spf1 mx -all"']
    assert "put them into one" in only(asked(host)).mend


def test_it_mentions_that_dkim_was_not_looked_at(
    host: HostFactory, zone: dict[tuple[str, str], list[str]]
) -> None:
    assert "GROUNDSWELL_DKIM_SELECTOR" in only(asked(host, ""), "note").mend


def test_it_mentions_a_dns_that_does_not_answer(
    host: HostFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = dns.resolver.Resolver(configure=False)
    nobody.nameservers, nobody.port = ["127.0.0.1"], free_port()
    monkeypatch.setattr(records, "resolver", lambda: nobody)
    monkeypatch.setattr(records, "SECONDS", 0.2)
    assert "cannot be asked" in only(asked(host), "note").text


@pytest.mark.parametrize(("production", "level"), [("true", "wrong"), ("false", "note")])
def test_it_finds_an_address_that_is_only_an_example(
    host: HostFactory, production: str, level: str
) -> None:
    found = only(list(records.check(host(production=production))), level)
    assert "GROUNDSWELL_MAIL_FROM" in found.mend
