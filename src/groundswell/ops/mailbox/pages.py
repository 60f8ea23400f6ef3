"""The mailbox's pages as text. Everything that comes from a mail is escaped."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from groundswell.ops.mailstore import Summary, part

_FOLDER: Final = Path(__file__).parent


def _template(name: str) -> Template:
    return Template((_FOLDER / name).read_text(encoding="utf-8"))


_FRAME, _LIST, _MAIL = _template("frame.html"), _template("list.html"), _template("mail.html")
ASSETS: Final = {
    "/mailbox.css": ("text/css; charset=utf-8", (_FOLDER / "mailbox.css").read_bytes()),
    "/mailbox.js": ("text/javascript; charset=utf-8", (_FOLDER / "mailbox.js").read_bytes()),
    "/favicon.svg": ("image/svg+xml", (_FOLDER / "favicon.svg").read_bytes()),
}


def listing(mails: list[Summary], *, total: int, to: str) -> str:
    """The list of mails, the newest first."""
    rows = "".join(map(_row, mails)) or f'<li class="empty">{_nothing(to)}</li>'
    body = _LIST.substitute(rows=rows, count=_count(len(mails), total), to=escape(to))
    return _frame("Mailbox", body)


def mail(name: str, message: EmailMessage) -> str:
    """One mail: its headers, its HTML part in a sandboxed frame, its text."""
    html = part(message, "html")
    frame = (
        f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" '
        f'src="/messages/{name}/html" title="The mail as HTML"></iframe>'
    )
    body = _MAIL.substitute(
        name=name,
        subject=_subject(str(message["Subject"] or "")),
        sender=escape(str(message["From"] or "")),
        to=escape(str(message["X-Envelope-To"] or "")),
        html=frame if html else '<p class="empty">This mail has no HTML part.</p>',
        text=escape(part(message, "plain")) or "This mail has no text part.",
        headers="".join(_header(*pair) for pair in message.items()),
    )
    return _frame(str(message["Subject"] or "Mail"), body)


def missing() -> str:
    """The page for an address that holds nothing."""
    text = '<p class="empty">There is no such mail here. <a href="/">To the mailbox</a></p>'
    return _frame("Not found", text)


def _frame(title: str, body: str) -> str:
    return _FRAME.substitute(title=escape(title), body=body)


def _row(mail: Summary) -> str:
    name, address = parseaddr(mail.sender)
    return (
        f'<li><a href="/messages/{mail.id}"><span class="to">{escape(", ".join(mail.to))}</span>'
        f'<span class="subject" dir="auto">{_subject(mail.subject)}</span>'
        f'<span class="from" dir="auto">{escape(name or address)}</span>{_time(mail.at)}</a></li>'
    )


def _time(at: datetime) -> str:
    return f'<time datetime="{at.isoformat()}">{at:%H:%M:%S} UTC</time>'


def _subject(text: str) -> str:
    return escape(text) or "(no subject)"


def _header(name: str, value: str) -> str:
    return f'<dt>{escape(name)}</dt><dd dir="auto">{escape(str(value))}</dd>'


def _count(shown: int, total: int) -> str:
    if shown == total:
        return f"{total} mail{'' if total == 1 else 's'}"
    return f"{shown} of {total} mails"


def _nothing(to: str) -> str:
    if to:
        return f"No mail to {escape(to)} yet."
    return "No mail yet. Sign something, and the confirmation mail will appear here by itself."
