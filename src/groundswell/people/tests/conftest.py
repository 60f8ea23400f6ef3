"""A page that is published, and a mail server that really takes mail."""

from collections.abc import Iterator

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
    for lang in ("en", "ar"):
        base = f"/{lang}/river/sign/"
        _publish(PAGE.hex, "confirm", lang, base + "confirm/")
        _publish(PAGE.hex, "withdraw", lang, base + "withdraw/")
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
