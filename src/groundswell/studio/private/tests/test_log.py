"""No token is written into a log."""

import io
import logging
from logging.config import dictConfig

import pytest
from django.conf import settings
from django.test import Client

from groundswell.studio.private.log import WithoutTokens

TOKEN = "VVwUUsoeR6ClBq_TGZnv979ULq_KO8agewMxBPD1vZY"


def _written(words: str, *args: object) -> str:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(WithoutTokens())
    logger = logging.Logger("tokens")  # noqa: LOG001  of nobody else's
    logger.addHandler(handler)
    logger.warning(words, *args)
    return out.getvalue()


@pytest.mark.parametrize("room", ["m", "s"])
@pytest.mark.parametrize("rest", ["", "/", "/effect", "?done=said", "/qr/x7p2.svg"])
def test_it_leaves_the_token_out(room: str, rest: str) -> None:
    written = _written("%s: %s", "Not Found", f"/{room}/{TOKEN}{rest}")
    assert TOKEN not in written
    assert written.startswith(f"Not Found: /{room}/…")


def test_it_leaves_other_words_alone() -> None:
    assert _written("%d of %s", 3, "/delivery/") == "3 of /delivery/\n"


@pytest.mark.django_db
def test_it_filters_all_that_the_studio_writes(capfd: pytest.CaptureFixture[str]) -> None:
    before = list(logging.getLogger().handlers)
    try:
        dictConfig(settings.LOGGING)
        assert Client().get(f"/m/{TOKEN}").status_code == 404
    finally:
        logging.getLogger().handlers = before
    written = capfd.readouterr().err
    assert "Not Found: /m/…" in written
    assert TOKEN not in written
