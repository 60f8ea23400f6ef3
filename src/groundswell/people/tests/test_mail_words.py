"""What our mails say, in each language that comes with Groundswell."""

from email import message_from_bytes, policy
from typing import get_args

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from groundswell.base import env
from groundswell.people import compose, mail_words

TRANSLATED = [code for code in env.load().language_codes if code != "en"]
ABOUT = mail_words.About("Save the river", "Rivers First", 14)


def texts(template: mail_words.Template, language: str) -> list[str]:
    with translation.override(language):
        words = mail_words.words(template, ABOUT)
    return [words.subject, words.opening, *words.lines, words.button, *words.after]


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("template", get_args(mail_words.Template))
def test_it_speaks_the_language(template: mail_words.Template, language: str) -> None:
    for ours, english in zip(texts(template, language), texts(template, "en"), strict=True):
        assert not english or ours != english


@pytest.mark.parametrize("template", get_args(mail_words.Template))
def test_it_names_what_was_signed_and_where(template: mail_words.Template) -> None:
    subject, _, signed, *_ = texts(template, "en")
    assert subject.endswith(": Save the river")
    assert signed == "This address was used to sign “Save the river” on Rivers First."


@pytest.mark.parametrize("template", get_args(mail_words.Template))
def test_it_does_without_a_title(template: mail_words.Template) -> None:
    words = mail_words.words(template, mail_words.About("", "Rivers First", 14))
    assert ":" not in words.subject
    assert "“" not in "".join(words.lines)


def test_it_folds_a_long_subject_without_an_empty_line() -> None:
    title = "يُرجى تأكيد توقيعكم: اطلبوا من المجلس أن يُبقي الفانوس مضاءً طوال الليل كله"
    message = EmailMultiAlternatives(subject=compose.subject(title), body="x", to=["a@b.example"])
    raw = message.message().as_bytes()
    assert b"Subject: =?utf-8?" in raw
    assert max(len(line) for line in raw.splitlines()) < 78
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == title
