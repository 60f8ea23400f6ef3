"""Mails that come back, as servers and people write them."""

from email.message import EmailMessage

from groundswell.delivery import tokens
from groundswell.delivery.models import Parcel

DOMAIN = "letters.example.org"


def dsn(parcel: Parcel, *, action: str = "failed", status: str = "5.1.1", **headers: str) -> bytes:
    """A delivery status as RFC 3464 says, in Spanish, from a server that quotes everything."""
    diagnostic = headers.pop("diagnostic", "smtp; 550 5.1.1 <office@rivers.example>: no existe")
    to = headers.pop("to", tokens.address("bounce", parcel.key, domain=DOMAIN))
    return f"""\
Return-Path: <>
From: Sistema de correo <MAILER-DAEMON@mx.example>
To: {to}
Subject: =?utf-8?q?No_se_pudo_entregar?=
Auto-Submitted: auto-replied (mailer)
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="sep"

--sep
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

No hemos podido entregar su mensaje.

--sep
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; office@rivers.example
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--sep
Content-Type: message/rfc822

From: Ada Ling <letters@letters.example.org>
Subject: Save the river

Dear Minister

--sep--
""".encode()


def reply(parcel: Parcel, text: str = "Thank you, I will vote for it.", **headers: str) -> bytes:
    """What somebody writes to the address in Reply-To."""
    message = EmailMessage()
    message["From"] = "The Minister <office@rivers.example>"
    message["To"] = tokens.address("reply", parcel.key, domain=DOMAIN)
    message["Subject"] = "Re: Save the river"
    for name, value in headers.items():
        del message[name]
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def nested(inner: bytes, times: int) -> bytes:
    """A mail in a mail in a mail."""
    for n in range(times):
        head = f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b{n}"\n\n'
        inner = head.encode() + f"--b{n}\n".encode() + inner + f"\n--b{n}--\n".encode()
    return inner
