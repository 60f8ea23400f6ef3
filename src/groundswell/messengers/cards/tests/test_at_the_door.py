"""A messenger's card from the design to what a network's robot is given by a real public door."""

import http.client
import re
from pathlib import Path

import pytest

from groundswell.base import keyring
from groundswell.campaigns import pack, publish, publish_files
from groundswell.intake.tests.site_factory import Intake, intake
from groundswell.messengers import links
from groundswell.messengers.cards import publishing
from groundswell.messengers.cards.tests import scene
from groundswell.messengers.cards.tests.test_publishing import posts

pytestmark = pytest.mark.django_db

ROBOT = "WhatsApp/2.23.20.0 A"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile"


def ask(door: Intake, path: str, agent: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=20)
    try:
        connection.request("GET", path, headers={"User-Agent": agent})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read()
    finally:
        connection.close()


def test_it_shows_robots_the_card_and_leads_people_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_files, "site", lambda: pack.Site(tmp_path / "site"))
    monkeypatch.setattr(publishing, "SLICE", 100)
    keyring.init(tmp_path / "keys")
    one = scene.campaign("en")
    scene.design(one, name_messengers=True)
    _mira, link = posts(one)
    publish.publish_site()
    publishing.refresh()
    links.publish()
    with intake(tmp_path) as door:
        status, headers, body = ask(door, f"/k/{link.code}", ROBOT)
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
        image = re.search(r'property="og:image" content="https?://[^/]+([^"]+)"', body.decode())
        assert image is not None
        status, headers, data = ask(door, image[1], ROBOT)
        assert (status, headers["content-type"]) == (200, "image/png")
        assert scene.opened(data).size == (1200, 630)
        status, headers, _body = ask(door, f"/k/{link.code}", PHONE)
        assert (status, headers["location"]) == (302, f"/en/river/sign/?s={link.code}")
