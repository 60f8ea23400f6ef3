"""The connection to the mail server, kept open while there is mail."""

import smtplib
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from groundswell.base import env
from groundswell.base.errors import SendFailed

TIMEOUT_SECONDS: int = 20


class ServerDown(Exception):
    """The mail server takes no mail at present, whichever it is. Try again later."""


class Post:
    """Hands messages to the mail server, one after the other over one connection."""

    def __init__(self) -> None:
        self._backend: EmailBackend | None = None

    def send(self, message: EmailMessage) -> None:
        """Returns when the server has taken the message.

        Raises SendFailed for this message's own failure, its reason an SMTP code and never the
        server's sentence, which may quote the address; ServerDown for everybody's.
        """
        try:
            self._open().send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refused(error) from None
        except smtplib.SMTPDataError as error:
            raise self._failed(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise SendFailed("smtp no utf8", permanent=True) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            code = getattr(error, "smtp_code", "")
            raise ServerDown(f"{type(error).__name__} {code}".strip()) from None
        except (ValueError, UnicodeError):
            # Django will not put it into a header, and it is right.
            raise SendFailed("bad address", permanent=True) from None

    def close(self) -> None:
        """Say good-bye to the server; the next message opens a new connection."""
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.close()

    def _open(self) -> EmailBackend:
        if self._backend is None:
            backend = EmailBackend(timeout=TIMEOUT_SECONDS, **_server())
            backend.open()
            self._backend = backend
        return self._backend

    def _refused(self, error: smtplib.SMTPRecipientsRefused) -> SendFailed | ServerDown:
        return self._failed(next(iter(error.recipients.values()))[0])

    def _failed(self, code: int) -> SendFailed | ServerDown:
        if code == 421:
            self.close()
            return ServerDown("the server is closing: 421")
        return SendFailed(f"smtp {code}", permanent=code >= 500)


def _server() -> dict[str, Any]:
    settings = env.load()
    return {
        "host": settings.smtp_host,
        "port": settings.smtp_port,
        "username": settings.smtp_user or None,
        "password": settings.smtp_password or None,
        "use_tls": settings.smtp_tls == "starttls",
        "use_ssl": settings.smtp_tls == "tls",
    }
