"""A page that is published, and a mail server that really takes mail."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from groundswell.base import env, wire
from groundswell.delivery.tests import mailserver
from groundswell.people.tests.journal import PAGE


def _publish(page: str, verb: wire.Verb, lang: str, path: str) -> None:
    folder = env.load().path("site", "specs")
    folder.mkdir(parents=True, exist_ok=True)
    spec = wire.PageSpec(page=page, verb=verb, lang=lang, path=path, done=path)
    (folder / f"{page}.{verb}.{lang}.json").write_bytes(wire.encode_spec(spec))


def publish_forms() -> None:
    """Forms that the public door knows, for the links in our mails."""
    publish_forms_of(PAGE)


def publish_forms_of(page_key: UUID) -> None:
    """The same for any page."""
    for lang in ("en", "ar"):
        base = f"/{lang}/river/sign/"
        for verb in ("confirm", "withdraw", "report"):
            _publish(page_key.hex, verb, lang, f"{base}{verb}/")
        _publish("0" * 32, "manage", lang, f"/{lang}/my-data/")


@pytest.fixture
def published() -> None:
    """The links in our mails lead somewhere."""
    publish_forms()


@pytest.fixture
def mail_server(
    published: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[mailserver.MailServer]:
    """A real SMTP server on a port of its own."""
    with mailserver.running(monkeypatch) as server:
        yield server
