"""What a mail must know of the page it is about: its title, and where its links lead."""

from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from groundswell.base import env, wire
from groundswell.campaigns import queries

SITE: UUID = UUID(int=0)  # the page key of what belongs to no page: "my data"


class NotPublished(Exception):
    """No page is published where the link would lead; it may be again, later."""


class Links:
    """The links of one participation's mails, as far as pages are published for them."""

    def __init__(self, *, page_key: UUID, language: str, token: str) -> None:
        self._page_key = page_key
        self._language = language
        self._token = token

    @cached_property
    def confirm(self) -> str:
        return self._url(self._page_key, "confirm")

    @cached_property
    def withdraw(self) -> str:
        return self._url(self._page_key, "withdraw")

    @cached_property
    def my_data(self) -> str:
        return self._url(SITE, "manage")

    @cached_property
    def report(self) -> str:
        return self._url(self._page_key, "report")

    def _url(self, page_key: UUID, verb: wire.Verb) -> str:
        path = published_path(page_key=page_key, language=self._language, verb=verb)
        return f"{env.load().public_url.rstrip('/')}{path}?{urlencode({'t': self._token})}"


def published_path(*, page_key: UUID, language: str, verb: wire.Verb) -> str:
    """Where a form is published, from the file the public door reads. Raises NotPublished."""
    name = f"{page_key.hex}.{verb}.{language}.json"
    try:
        return wire.decode_spec(env.load().path("site", "specs", name).read_bytes()).path
    except FileNotFoundError as error:
        raise NotPublished(name) from error
    except msgspec.MsgspecError as error:
        raise NotPublished(f"{name} is damaged") from error


def title(*, page_key: UUID, language: str) -> str:
    """A page's title in a language, or in any; empty when the page is gone."""
    titles = dict(
        queries.action_pages(page_key=page_key).values_list("locale__language_code", "title")
    )
    found = titles.get(language) or next(iter(titles.values()), "")
    return " ".join(found.split())
