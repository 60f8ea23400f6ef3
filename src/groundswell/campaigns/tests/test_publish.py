"""Publishing: what an organiser publishes is at the public door, whole and in every language."""

import gc
import shutil
import subprocess
import sys
import warnings
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import brotli
import msgspec
import pytest
from django.test import RequestFactory
from wagtail.models import Locale

from groundswell.base import clock, wire
from groundswell.campaigns import counters, publish, publish_files, services
from groundswell.campaigns.models import ActionPage, Campaign
from groundswell.campaigns.pack import Site
from groundswell.campaigns.tests.public_pages import (
    make_action,
    make_campaign,
    make_home,
    make_picture,
    reload_at,
)

pytestmark = pytest.mark.django_db

CAMPAIGN = "en/keep-the-reading-room"
ACTION = f"{CAMPAIGN}/sign-for-the-room"


@pytest.fixture
def action() -> ActionPage:
    return make_action(make_campaign(make_home()))


def read(public: Path, path: str) -> str:
    return (public / path / "index.html").read_text(encoding="utf-8")


def spec(
    public: Path, action: ActionPage, *, verb: str = "sign", lang: str = "en"
) -> wire.PageSpec:
    name = f"{action.page_key.hex}.{verb}.{lang}.json"
    return wire.decode_spec((public.parent / "specs" / name).read_bytes())


def test_it_writes_the_page_and_all_that_follows_it(public: Path, action: ActionPage) -> None:
    publish.publish_page(action)
    for name in ("", "thanks", "confirm", "confirmed", "withdraw", "withdrawn"):
        assert "Sign for the room" in read(public, f"{ACTION}/{name}")
    assert "What we ask" in read(public, CAMPAIGN)
    assert "Keep the reading room" in read(public, "en")


def test_it_writes_the_spec_with_words_and_a_refill(public: Path, action: ActionPage) -> None:
    publish.publish_page(action)
    found = spec(public, action)
    assert found.path == action.public_path
    assert found.done == f"{action.public_path}thanks/"
    assert found.messages["required"] == "Please fill this in."
    assert (public.parent / "specs" / found.refill).is_file()
    assert [consent.purpose for consent in found.consents] == ["news", "hand_over"]
    assert spec(public, action, verb="confirm").done == f"{action.public_path}confirmed/"


def test_it_packs_each_page_and_names_its_policy(public: Path, action: ActionPage) -> None:
    publish.publish_page(action)
    packed = (public / ACTION / "index.html.br").read_bytes()
    assert brotli.decompress(packed).decode() == read(public, ACTION)
    headers = msgspec.json.decode((public / ACTION / "index.html.headers.json").read_bytes())
    assert "default-src 'none'" in headers["content-security-policy"]


def test_it_writes_nothing_when_nothing_changed(public: Path, action: ActionPage) -> None:
    publish.publish_page(action)
    before = (public / ACTION / "index.html").stat().st_mtime_ns
    publish.publish_page(action)
    assert (public / ACTION / "index.html").stat().st_mtime_ns == before


def test_it_mends_what_a_crash_left_half_done(public: Path, action: ActionPage) -> None:
    publish.publish_page(action)
    shutil.rmtree(public / ACTION)
    publish.publish_page(action)
    assert "Sign for the room" in read(public, ACTION)


def test_it_tells_the_door_each_time(public: Path, action: ActionPage) -> None:
    publish.publish_page(action)
    first = (public.parent / "generation").read_bytes()
    publish.publish_page(action)
    assert (public.parent / "generation").read_bytes() != first


def test_it_keeps_every_consent_text_ever_shown(public: Path, action: ActionPage) -> None:
    publish.publish_page(action)
    [first] = spec(public, action).consents[0].versions
    boxes = list(action.consent_boxes.all())
    boxes[0].text = "You may e-mail me about this and other campaigns."
    action.consent_boxes.set(boxes)
    services.publish_now(page=action)
    publish.publish_page(action)
    versions = spec(public, action).consents[0].versions
    assert len(versions) == 2
    assert versions[0] == first
    assert f'value="{versions[1]}"' in read(public, ACTION)


def test_it_takes_an_unpublished_page_away(public: Path, action: ActionPage) -> None:
    publish.publish_page(action)
    action.unpublish()
    publish.unpublish_page(action)
    assert not (public / ACTION / "index.html").exists()
    assert not list((public.parent / "specs").glob(f"{action.page_key.hex}.sign.*"))
    assert "something to do here soon" in read(public, CAMPAIGN)


def test_it_takes_a_whole_campaign_away(public: Path, action: ActionPage) -> None:
    campaign = action.campaign
    publish.publish_page(campaign)
    campaign.unpublish()
    publish.unpublish_page(campaign)
    assert not (public / CAMPAIGN / "index.html").exists()
    assert not (public / f"count/{action.page_key.hex}.json").exists()
    assert CAMPAIGN not in (public / "sitemap.xml").read_text()


def test_it_redirects_an_address_that_has_changed(public: Path, action: ActionPage) -> None:
    publish.publish_page(action)
    for slug in ("second", "third"):
        action.slug = slug
        services.publish_now(page=action)
        publish.publish_site()
    redirects = msgspec.json.decode((public.parent / "redirects.json").read_bytes())
    assert redirects[f"/{ACTION}/"] == f"/{CAMPAIGN}/third/"
    assert redirects[f"/{CAMPAIGN}/second/confirm/"] == f"/{CAMPAIGN}/third/confirm/"
    assert not (public / ACTION).exists()


def test_it_forgets_a_redirect_when_its_address_is_used_again(
    public: Path, action: ActionPage
) -> None:
    publish.publish_page(action)
    for slug in ("second", "sign-for-the-room"):
        action.slug = slug
        services.publish_now(page=action)
        publish.publish_site()
    redirects = msgspec.json.decode((public.parent / "redirects.json").read_bytes())
    assert f"/{ACTION}/" not in redirects
    assert redirects[f"/{CAMPAIGN}/second/"] == f"/{ACTION}/"


def test_it_publishes_a_translation_beside_the_first(public: Path, action: ActionPage) -> None:
    make_home("ar")
    publish.publish_page(action)
    assert 'hreflang="ar"' not in read(public, ACTION)
    arabic = Locale.objects.get(language_code="ar")
    campaign = action.campaign.copy_for_translation(arabic)
    services.publish_now(page=campaign)
    page = action.copy_for_translation(arabic)
    services.publish_now(page=page)
    publish.publish_page(page)
    assert 'dir="rtl"' in read(public, page.public_path.strip("/"))
    assert 'hreflang="ar"' in read(public, ACTION)
    assert spec(public, action, lang="ar").page == action.page_key.hex


def test_it_lists_a_campaign_where_it_is_not_translated(public: Path, action: ActionPage) -> None:
    make_home("fr")
    publish.publish_page(action)
    assert "Dans d’autres langues" in read(public, "fr")
    assert f"/{CAMPAIGN}/" in read(public, "fr")


def test_it_publishes_pictures_by_their_content(public: Path) -> None:
    campaign = make_campaign(
        make_home(), lead_picture=make_picture(), lead_picture_alt="A reading room"
    )
    with warnings.catch_warnings():
        # Wagtail leaves the temporary file of each new rendition to the collector of garbage.
        warnings.simplefilter("ignore", ResourceWarning)
        publish.publish_page(campaign)
        gc.collect()
    html = read(public, CAMPAIGN)
    assert 'alt="A reading room"' in html
    files = {file.name for file in (public / "media").iterdir()}
    assert len(files) >= 4
    assert all(f"/media/{name}" in html + read(public, "en") for name in files)


def test_it_shows_that_a_campaign_has_closed_and_keeps_its_page(
    public: Path, action: ActionPage
) -> None:
    now = clock.now()
    campaign = reload_at(action.campaign, opens=None, closes=now + timedelta(hours=1))
    publish.publish_page(campaign)
    assert "<form" in read(public, ACTION)
    assert publish.due_transitions(now) == []
    assert publish.due_transitions(now + timedelta(hours=2)) == [campaign]
    campaign = reload_at(campaign, opens=None, closes=now - timedelta(hours=1))
    publish.publish_page(campaign)
    assert "<form" not in read(public, ACTION)
    assert "This has closed" in read(public, ACTION)
    assert publish.due_transitions(now) == []
    assert spec(public, action).closes == clock.to_ms(now - timedelta(hours=1))


def test_it_shows_when_a_campaign_opens(public: Path, action: ActionPage) -> None:
    now = clock.now()
    campaign = reload_at(action.campaign, opens=now + timedelta(hours=1), closes=None)
    publish.publish_page(campaign)
    assert "Not open yet" in read(public, ACTION)
    assert publish.due_transitions(now + timedelta(hours=2)) == [campaign]


def test_it_writes_what_belongs_to_the_site(public: Path) -> None:
    make_home()
    publish.publish_site()
    for path in ("", "en", "en/privacy", "en/my-data", "en/my-data/done"):
        assert (public / path / "index.html").is_file()
    for status in (400, 403, 404, 405, 408, 409, 410, 413, 415, 422, 429, 500, 503):
        assert (public / f"en/errors/{status}.html").is_file()
        assert (public / f"errors/{status}.html").is_file()
    for name in ("robots.txt", "sitemap.xml", "favicon.ico", "favicon.svg"):
        assert (public / name).is_file()


def test_it_previews_a_draft_without_publishing_it(public: Path, action: ActionPage) -> None:
    action.title = "A title nobody has seen"
    answer = publish.render_preview(action, RequestFactory().get("/"))
    html = answer.content.decode()
    assert "A title nobody has seen" in html
    assert '<button type="button">' in html
    assert "defer" not in html
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert not public.exists()


def test_it_previews_every_kind_of_page(action: ActionPage) -> None:
    for page in (action.campaign, action.campaign.get_parent().specific):
        html = publish.render_preview(page, RequestFactory().get("/")).content.decode()
        assert page.title in html


def test_it_shows_the_count_it_finds(public: Path, action: ActionPage) -> None:
    counters.add([counters.Change(action.page_key, "all", "", 1500, 1347)])
    publish.publish_page(action)
    assert ">1,347</b>" in read(public, ACTION)
    count = msgspec.json.decode((public / f"count/{action.page_key.hex}.json").read_bytes())
    assert (count["counted"], count["collected"], count["goal"]) == (1347, 1500, 5000)


def test_it_lets_only_one_publish_at_a_time(public: Path) -> None:
    program = (
        "import sys, fcntl; file = open(sys.argv[1], 'w');"
        "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)"
    )
    site = Site(public.parent)
    other = [sys.executable, "-c", program, str(public.parent / "lock")]
    with site.locked():
        assert subprocess.run(other, stderr=subprocess.DEVNULL, check=False).returncode != 0
    assert subprocess.run(other, check=False).returncode == 0


def test_it_survives_a_campaign_that_was_deleted(public: Path, action: ActionPage) -> None:
    publish.publish_page(action)
    Campaign.objects.get(pk=action.campaign.pk).delete()
    publish.publish_site()
    assert not (public / CAMPAIGN / "index.html").exists()
    assert publish.due_transitions(clock.now()) == []


def test_it_leaves_files_of_other_scopes_alone(public: Path) -> None:
    site, manifest = Site(public.parent), publish_files.Manifest()
    one, two = (publish_files.Edition(scope=uuid4().hex) for _ in range(2))
    for edition in (one, two):
        edition.add("media/shared.webp", b"picture")
        publish_files.put(site, manifest, edition)
    publish_files.withdraw(site, manifest, one.scope)
    assert (public / "media/shared.webp").exists()
    publish_files.withdraw(site, manifest, two.scope)
    assert not (public / "media/shared.webp").exists()
