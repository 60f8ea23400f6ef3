"""`groundswell sink`: a real SMTP server that delivers nothing and shows what it got.

For demos and tests. It listens on this machine only, whatever the settings say.
"""

import signal
import threading
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from groundswell.base import env
from groundswell.ops import mailbox, ports
from groundswell.ops.mailstore import MailStore

ADDRESS = "127.0.0.1"


def run() -> None:
    """Take mail on `smtp_port` and show it on `mailbox_port`, until a signal comes."""
    settings = env.load()
    ports.check_sink(settings)
    store = MailStore(settings.path("mail"))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    post = Controller(Keep(store), hostname=ADDRESS, port=settings.smtp_port, ident="sink")
    post.start()
    page = mailbox.server(store, address=ADDRESS, port=settings.mailbox_port)
    threading.Thread(target=page.serve_forever, daemon=True).start()
    print(f"taking mail on port {settings.smtp_port}, showing it on {settings.mailbox_port}")
    stop.wait()
    page.shutdown()
    post.stop()


class Keep:
    """What aiosmtpd does with a mail."""

    def __init__(self, store: MailStore) -> None:
        self.store = store

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail; its file is there before we say so."""
        content: Any = envelope.content
        self.store.add(bytes(content), recipients=[str(to) for to in envelope.rcpt_tos])
        return "250 Kept"
