"""A mail to a supporter, as it goes over the wire: text and HTML, in their language."""

from email.header import Header
from email.utils import parseaddr
from hashlib import blake2b
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from groundswell.base import env
from groundswell.base.line import one_line
from groundswell.campaigns.render_read import organisation_name
from groundswell.people import keys, letter_mail, mail_words, pages
from groundswell.people.models import OutgoingMail, Participation
from groundswell.people.vault import Personal

LONGEST_GREETED: int = 40


def compose(
    mail: OutgoingMail, row: Participation, personal: Personal, template: mail_words.Template
) -> EmailMultiAlternatives:
    """The message. Raises NotPublished when a link would lead nowhere."""
    settings = env.load()
    codes = settings.language_codes
    language = row.language if row.language in codes else codes[0]
    with translation.override(language):
        enclosed = letter_mail.enclosed(template, row, personal, language=language)
        about = mail_words.About(
            one_line(pages.title(page_key=row.page_key, language=language)),
            one_line(organisation_name()),
            settings.confirm_days,
            row.kind,
            enclosed.parts,
        )
        words = mail_words.words(template, about)
        context = _context(row, personal, words, language) | {"site": about.site}
        message = EmailMultiAlternatives(
            subject=subject(words.subject),
            body=render_to_string("people/mail/layout.txt", context),
            from_email=settings.mail_from,
            to=[personal.email],
            headers=_headers(mail, row),
        )
        message.attach_alternative(
            render_to_string("people/mail/layout.html", context), "text/html"
        )
        for name, pdf in enclosed.papers:
            message.attach(name, pdf, "application/pdf")
    return message


def subject(text: str) -> str:
    """The subject as it goes over the wire, on one line, in words short enough for the first fold.

    Left to itself, the standard library begins a long Arabic subject with an empty line, which
    some servers take for the end of all headers.
    """
    line = one_line(text)
    return line if line.isascii() else Header(line, "utf-8", maxlinelen=64).encode(linesep="")


def _context(
    row: Participation, personal: Personal, words: mail_words.Words, language: str
) -> dict[str, Any]:
    right_to_left = get_language_bidi()
    return {
        "words": words,
        "links": pages.Links(
            page_key=row.page_key,
            language=language,
            token=keys.make_token(row.submission_id.bytes),
        ),
        "greeting": _greeting(personal),
        "language": language,
        "direction": "rtl" if right_to_left else "ltr",
        "start": "right" if right_to_left else "left",
    }


def _greeting(personal: Personal) -> str:
    name = one_line(personal.get("given_name"))
    # Whoever signs with a stranger's address must not be able to put words into our mail.
    if not name or len(name) > LONGEST_GREETED or any(one in name for one in "/:@<>."):
        return _("Hello,")
    return _("Hello %(name)s,") % {"name": name}


def _headers(mail: OutgoingMail, row: Participation) -> dict[str, str]:
    domain = parseaddr(env.load().mail_from)[1].rpartition("@")[2]
    # The same for each try: if a crash makes us send twice, a mailbox can see that it is one mail.
    name = blake2b(row.submission_id.bytes + b"%d" % mail.pk, digest_size=16).hexdigest()
    return {"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"}
