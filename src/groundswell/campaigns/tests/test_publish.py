"""Publishing: what an organiser publishes is at the public door, whole and in every language."""

from pathlib import Path

import pytest

from groundswell.base import wire
from groundswell.campaigns import publish, publish_files
from groundswell.campaigns.pack import Site
from groundswell.campaigns.tests.public_pages import make_action, make_campaign, make_home


@pytest.fixture
def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    site = Site(tmp_path)
    monkeypatch.setattr(publish_files, "site", lambda: site)
    return tmp_path / "public"


@pytest.mark.django_db
def test_it_writes_the_page_and_its_spec(public: Path) -> None:
    action = make_action(make_campaign(make_home()))
    publish.publish_page(action)
    html = (public / "en/keep-the-reading-room/sign-for-the-room/index.html").read_text()
    assert "Sign for the room" in html
    spec = wire.decode_spec(
        (public.parent / f"specs/{action.page_key.hex}.sign.en.json").read_bytes()
    )
    assert spec.path == action.public_path
