"""Tracked links behind each front: never kept, and what they go by gets through."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import pytest

from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import wait_until
from tests.deploy.front import NAME, Front, caddy, needs, nginx
from tests.deploy.test_nginx import direct

pytestmark = needs("nginx", "caddy", "curl", "openssl")
KINDS: Final[dict[str, Callable[..., AbstractContextManager[Front]]]] = {
    "nginx": nginx,
    "caddy": caddy,
}


@pytest.fixture(scope="module", params=KINDS)
def linked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    """Each front, with a tracked link in two languages and a card for robots."""
    front = KINDS[request.param]
    with front(tmp_path_factory.mktemp(request.param), rate_exempt="127.0.0.0/8") as running:
        put_links(running)
        yield running


def put_links(front: Front) -> None:
    """Publish the link `x7p2` and wait until the door knows it."""
    folder = front.intake.folder
    site.write_page(folder, "/cards/x7p2/", "<h1>card</h1>")
    to = {"en": site.PATH, "ar": "/ar/"}
    link = {"s": "x7p2", "page": site.PAGE, "to": to, "main": "en", "card": "/cards/x7p2/"}
    (folder / "site" / "links.json").write_text(json.dumps({"format": 1, "links": {"x7p2": link}}))
    site.touch_generation(folder)
    wait_until(lambda: direct(front, "/k/x7p2").status == 302, seconds=10)


def test_it_keeps_no_tracked_link(linked: Front) -> None:
    """Each is counted, leads by language, and a robot's card is no answer for people."""
    assert linked.ask("/k/x7p2", headers={"User-Agent": "Twitterbot/1.0"}).status == 200
    for wanted, found in itertools.product(("ar", "en", "ar"), range(2)):
        answer = linked.ask("/k/x7p2?utm_source=x", headers={"Accept-Language": wanted})
        place = {"ar": "/ar/", "en": site.PATH}[wanted]
        assert (answer.status, answer.headers["location"], found) == (302, f"{place}?s=x7p2", found)
        assert answer.headers["cache-control"] == "no-store"


def test_it_carries_the_source_on(linked: Front) -> None:
    here = f"https://{NAME}:{linked.port}{site.PATH}?s=x7p2"
    host = {"Host": NAME, "Referer": here.replace(f":{linked.port}", "")}
    answer = linked.ask("/k/-/ar/", headers=host)
    assert (answer.status, answer.headers["location"]) == (302, "/ar/?s=x7p2")
    assert linked.ask("/k/-//elsewhere.example/").status == 404


def test_it_leads_from_page_to_page_with_intake_away(tmp_path: Path) -> None:
    with nginx(tmp_path) as front:
        front.intake.stop()
        answer = front.ask("/k/-/ar/")
        assert (answer.status, answer.headers["location"]) == (302, "/ar/")
        assert front.ask("/k/x7p2").status == 503
