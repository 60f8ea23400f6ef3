"""What our mails say, in each language that comes with Groundswell."""

from email import message_from_bytes, policy
from typing import get_args

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from groundswell.base import env
from groundswell.people import compose, mail_words

TRANSLATED = [code for code in env.load().language_codes if code != "en"]
DID = {
    "petition": "This address was used to sign “Save the river” on Rivers First.",
    "letter": "This address was used to write a letter for “Save the river” on Rivers First.",
    "call": "This address was given with a call for “Save the river” on Rivers First.",
}
MAILS = [
    ("petition", "confirm"),
    ("petition", "reminder"),
    ("petition", "already_signed"),
    *[("letter", template) for template in get_args(mail_words.Template)],
    ("call", "confirm"),
]


def about(kind: str, title: str = "Save the river") -> mail_words.About:
    return mail_words.About(title, "Rivers First", 14, kind)


def texts(kind: str, template: mail_words.Template, language: str) -> list[str]:
    with translation.override(language):
        words = mail_words.words(template, about(kind))
    said = [words.subject, words.opening, *words.lines, words.button, *words.after]
    return [*said, words.disown]


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize(("kind", "template"), MAILS)
def test_it_speaks_the_language(kind: str, template: mail_words.Template, language: str) -> None:
    ours = texts(kind, template, language)
    for said, english in zip(ours, texts(kind, template, "en"), strict=True):
        assert not english or said != english


@pytest.mark.parametrize(("kind", "template"), MAILS)
def test_it_names_what_was_done_and_where(kind: str, template: mail_words.Template) -> None:
    subject, _, done, *_ = texts(kind, template, "en")
    assert subject.endswith(": Save the river")
    assert done == DID[kind]


@pytest.mark.parametrize(("kind", "template"), MAILS)
def test_it_does_without_a_title(kind: str, template: mail_words.Template) -> None:
    words = mail_words.words(template, about(kind, title=""))
    assert ":" not in words.subject
    assert "“" not in "".join(words.lines)


def test_it_folds_a_long_subject_without_an_empty_line() -> None:
    title = "يُرجى تأكيد توقيعكم: اطلبوا من المجلس أن يُبقي الفانوس مضاءً طوال الليل كله"
    message = EmailMultiAlternatives(subject=compose.subject(title), body="x", to=["a@b.example"])
    raw = message.message().as_bytes()
    assert b"Subject: =?utf-8?" in raw
    assert max(len(line) for line in raw.splitlines()) < 78
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == title
