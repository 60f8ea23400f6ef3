"""Published files, from memory, with headers made for CDNs."""

import gzip
from pathlib import Path

import brotli
import pytest

from groundswell.base import keyring
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import PAGE, PATH, Intake


def test_it_serves_a_page_in_each_encoding(door: Intake) -> None:
    plain = door.get(PATH)
    assert plain.status == 200
    assert plain.headers["content-type"] == "text/html; charset=utf-8"
    packed = door.get(PATH, accept_encoding="gzip, br")
    assert packed.headers["content-encoding"] == "br"
    assert brotli.decompress(packed.body) == plain.body
    older = door.get(PATH, accept_encoding="gzip")
    assert older.headers["content-encoding"] == "gzip"
    assert gzip.decompress(older.body) == plain.body
    assert len({a.headers["etag"] for a in (plain, packed, older)}) == 3


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        (PATH, "public, max-age=10, stale-while-revalidate=20, stale-if-error=50"),
        (f"/count/{PAGE}.json", "public, max-age=2, stale-while-revalidate=4, stale-if-error=10"),
        ("/assets/app.0123abcd.js", "public, max-age=31536000, immutable"),
        ("/robots.txt", "public, max-age=300, stale-while-revalidate=600, stale-if-error=1500"),
    ],
)
def test_it_tells_caches_how_long(door: Intake, path: str, cache: str) -> None:
    assert door.get(path).headers["cache-control"] == cache


def test_it_answers_304_to_who_has_it_already(door: Intake) -> None:
    etag = door.get(PATH, accept_encoding="br").headers["etag"]
    again = door.get(PATH, accept_encoding="br", if_none_match=etag)
    assert (again.status, again.body) == (304, b"")
    assert door.get(PATH, if_none_match='"other"').status == 200


def test_it_answers_head_without_a_body(door: Intake) -> None:
    head = door.request("HEAD", PATH)
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) == len(door.get(PATH).body)


def test_it_sends_security_headers_with_everything(door: Intake) -> None:
    for answer in (door.get(PATH), door.get("/nowhere"), door.form({}), door.api(b"")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "referrer-policy" in answer.headers
        assert "strict-transport-security" not in answer.headers
    assert "frame-ancestors 'none'" in door.get(PATH).headers["content-security-policy"]


def test_it_sends_the_headers_a_page_was_published_with(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    extra = tmp_path / "site" / "public" / PATH.strip("/") / "index.html.headers.json"
    extra.write_text('{"Content-Security-Policy": "default-src \'self\'", "Referrer-Policy": "x"}')
    with site.intake(tmp_path, public_url="https://act.example.org") as door:
        for answer in (door.get(PATH), door.form({})):
            assert answer.headers["content-security-policy"] == "default-src 'self'"
            assert answer.headers["referrer-policy"] == "x"
            assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        assert door.get(PATH + "index.html.headers.json").status == 404


def test_it_leads_to_the_address_with_a_slash(door: Intake) -> None:
    answer = door.get(PATH.rstrip("/") + "?s=mastodon")
    assert (answer.status, answer.headers["location"]) == (301, f"{PATH}?s=mastodon")


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("ar", "/ar/"),
        ("de-DE,de;q=0.9,ar-EG;q=0.5,en;q=0.4", "/ar/"),
        ("en-GB,ar;q=0.3", "/en/"),
        ("ar;q=0, en;q=x", None),
        ("de", None),
        ("", None),
    ],
)
def test_it_leads_to_the_visitors_language(door: Intake, wanted: str, location: str | None) -> None:
    answer = door.get("/", accept_language=wanted)
    assert answer.headers.get("location") == location
    assert answer.status == (302 if location else 200)


def test_it_tells_caches_that_the_front_door_looks_at_the_language(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    site.write_page(tmp_path, "/", "<!doctype html><title>Choose</title>")
    with site.intake(tmp_path) as front:
        for wanted in ("", "ar"):
            vary = front.get("/", accept_language=wanted).headers["vary"]
            assert "accept-language" in vary


def test_it_shows_the_error_page_of_the_language(door: Intake) -> None:
    arabic, english = door.get("/ar/none"), door.get("/xx/none")
    assert (arabic.status, arabic.text) == (404, "<h1>error 404 ar</h1>")
    assert (english.status, english.text) == (404, "<h1>error 404 en</h1>")
    missing = door.get("/api/v1/none")
    assert (missing.status, missing.json["error"]["code"]) == (404, "not_found")


def test_it_serves_a_large_file_from_the_disk(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    site.write_page(tmp_path, "/media/large.svg", "x" * 400_000, packed=False)
    with site.intake(tmp_path) as door:
        answer = door.get("/media/large.svg")
        assert (answer.status, len(answer.body)) == (200, 400_000)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert door.request("HEAD", "/media/large.svg").status == 200


def test_it_shows_what_was_published_within_a_second(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path) as door:
        site.write_page(tmp_path, PATH, "<h1>new</h1>")
        site.write_spec(tmp_path, site.spec(closes=1))
        (tmp_path / "site" / "public" / "robots.txt").unlink()
        assert "new" not in door.get(PATH).text
        site.touch_generation(tmp_path)
        site.wait_until(lambda: door.get(PATH).text == "<h1>new</h1>", seconds=20)
        assert door.form(site.GOOD).status == 410
        assert door.get("/robots.txt").status == 404


def test_it_never_sends_a_variant_of_another_edition(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    page = tmp_path / "site" / "public" / PATH.strip("/") / "index.html"
    page.write_text("<h1>corrected</h1>")
    with site.intake(tmp_path) as door:
        answer = door.get(PATH, accept_encoding="br, gzip")
        assert answer.text == "<h1>corrected</h1>"
        assert "content-encoding" not in answer.headers


def test_it_starts_with_nothing_published(tmp_path: Path) -> None:
    keyring.init(tmp_path / "keys")
    with site.intake(tmp_path) as door:
        assert "Nothing is published here yet" in door.get("/").text
        assert door.get("/en/").status == 404
        assert door.form(site.GOOD).status == 404
        health = door.get("/healthz").json
        assert health.pop("disk_free_mb") > 0
        assert health == {
            "status": "ok",
            "reason": "",
            "waiting": 0,
            "disk_low": False,
            "pages": 0,
        }
        site.write_site(tmp_path)
        site.wait_until(lambda: door.get(PATH).status == 200, seconds=20)


def test_it_keeps_the_good_spec_when_a_new_one_is_broken(tmp_path: Path) -> None:
    site.make_folder(tmp_path)
    with site.intake(tmp_path) as door:
        for file in (tmp_path / "site" / "specs").glob("*.json"):
            file.write_text("{broken")
        site.write_page(tmp_path, "/en/", "<h1>changed</h1>")
        site.touch_generation(tmp_path)
        site.wait_until(lambda: door.get("/en/").text == "<h1>changed</h1>", seconds=20)
        assert door.form(site.GOOD).status == 303
