"""A tracked link leads on from memory and counts that somebody came, and not who."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from groundswell.intake import links
from groundswell.intake.tests import site_factory as site
from groundswell.intake.tests.site_factory import PAGE, PATH, Intake, wait_until

GOLDEN: Final = Path(__file__).parent / "golden" / "links.json"
ARABIC: Final = "/ar/anhar/waqqi/"
CARD: Final = "/cards/k/x7p2-3f9a/"
PHONE: Final = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile"
APPS: Final = (
    f"{PHONE} [FBAN/FBIOS;FBAV/485.0]",
    f"{PHONE} Instagram 355.0.0 (iPhone16,1; iOS 18_1)",
    f"{PHONE} [LinkedInApp]/9.30",
    f"{PHONE} Twitter for iPhone/10.66",
    "Mozilla/5.0 (Linux; Android 14; CUBOT X90) Chrome/131.0 Mobile Telegram-Android/11.4",
)
ROBOTS: Final = (
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitterbot/1.0",
    "WhatsApp/2.23.20.0 A",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "http.rb/5.2.0 (Mastodon/4.3.1; +https://mastodon.example/)",
)


def publish(folder: Path) -> Path:
    site.make_folder(folder)
    site.write_page(folder, ARABIC, "<h1>waqqi</h1>")
    site.write_page(folder, CARD, '<meta property="og:image" content="/cards/x7p2.png">')
    shutil.copy(GOLDEN, folder / "site" / "links.json")
    site.touch_generation(folder)
    return folder


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    with site.intake(publish(tmp_path_factory.mktemp("tracked"))) as running:
        yield running


def counted(door: Intake) -> Counter[str]:
    """Visits and previews by `source language country`, once all is in the journal."""
    wait_until(lambda: "link_counts_waiting 0\n" in door.metrics(), seconds=5)
    wait_until(lambda: "journal_waiting 0\n" in door.metrics(), seconds=5)
    found: Counter[str] = Counter()
    for one in door.stored():
        for name, numbers in one.fields.items() if one.verb == "visits" else ():
            _, source, _, language, country = name.split(" ")
            for what, number in zip(("visit", "preview"), numbers.split(), strict=True):
                found[f"{what} {source} {language} {country}".rstrip()] += int(number)
    return +found


def test_it_reads_format_1() -> None:
    """`golden/links.json` is format 1 as it was first written. Never make it afresh."""
    known = links.load_links(GOLDEN)
    assert list(known) == ["x7p2", "anouk", "b4k9"]
    assert known["anouk"] == known["x7p2"]
    assert known["b4k9"] == links.Link(
        s="b4k9", page=PAGE, to={"en": PATH, "ar": ARABIC}, main="en", lang="ar"
    )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_leads_to_the_page_with_the_source(door: Intake, method: str) -> None:
    answer = door.request(method, "/k/x7p2")
    assert (answer.status, answer.body) == (302, b"")
    assert answer.headers["location"] == f"{PATH}?s=x7p2"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "wanted", "found"),
    [
        ("/k/x7p2", "ar-EG,ar;q=0.9,en;q=0.5", f"{ARABIC}?s=x7p2"),
        ("/k/x7p2", "fr", f"{PATH}?s=x7p2"),
        ("/k/X7P2/", "", f"{PATH}?s=x7p2"),
        ("/k/anouk", "", f"{PATH}?s=x7p2"),
        ("/k/anouk?utm_source=x&fbclid=abc&s=else", "", f"{PATH}?s=x7p2"),
        ("/k/b4k9", "en", f"{ARABIC}?s=b4k9"),
    ],
)
def test_it_chooses_the_language_and_drops_the_rest(
    door: Intake, path: str, wanted: str, found: str
) -> None:
    assert door.get(path, accept_language=wanted).headers["location"] == found


@pytest.mark.parametrize("path", ["/k/", "/k/nobody", "/k/x7p2/more", "/k/x7p2//", "/k/%2e%2e/en/"])
def test_it_shows_the_404_page_for_what_no_link_is(door: Intake, path: str) -> None:
    answer = door.get(path)
    assert (answer.status, "error 404" in answer.text) == (404, True)


def test_it_takes_nothing_that_is_posted(door: Intake) -> None:
    assert door.form({"s": "x7p2"}, "/k/x7p2").status == 404


def test_it_counts_people_and_no_guesses_or_rehearsals(tmp_path: Path) -> None:
    with site.intake(publish(tmp_path)) as door:
        for agent in APPS:
            assert door.get("/k/x7p2", user_agent=agent).status == 302
        door.get("/k/b4k9")
        door.request("HEAD", "/k/x7p2")
        door.get("/k/x7p2", sec_purpose="prefetch;prerender")
        door.get("/k/x7p2", purpose="prefetch")
        door.get("/k/x7p2", x_groundswell_rehearsal="run")
        door.get("/k/nobody")
        assert counted(door) == {"visit x7p2 en": len(APPS), "visit b4k9 ar": 1}


def test_it_shows_robots_the_card_and_counts_them_apart(tmp_path: Path) -> None:
    with site.intake(publish(tmp_path)) as door:
        for robot in ROBOTS:
            answer = door.get("/k/x7p2", user_agent=robot)
            assert (answer.status, "og:image" in answer.text) == (200, True), robot
            assert answer.headers["cache-control"] == "no-store"
            assert "etag" not in answer.headers
        assert door.get("/k/b4k9", user_agent=ROBOTS[0]).status == 302, "it has no card"
        assert counted(door) == {"preview x7p2 en": len(ROBOTS), "preview b4k9 ar": 1}


def test_it_stores_nothing_of_who_came(tmp_path: Path) -> None:
    with site.intake(publish(tmp_path)) as door:
        door.get("/k/x7p2?secret=1", user_agent=APPS[0], cookie="a=b", x_forwarded_for="192.0.2.9")
        assert counted(door) == {"visit x7p2 en": 1}
        [record] = door.stored()
        log = door.folder / "log" / "access-0.log"
        wait_until(lambda: log.exists() and "/k/?" in log.read_text(), seconds=5)
    assert (record.verb, record.page, record.kind, record.lang) == ("visits", "", "", "")
    assert (record.key, record.source, record.marks, record.consents) == (b"", "", 0, {})
    assert "x7p2" not in log.read_text()


@pytest.mark.parametrize(
    ("proxies", "sent", "country"),
    [
        ("127.0.0.1/32", "VN", " VN"),
        ("127.0.0.1/32", "vn", " VN"),
        ("127.0.0.1/32", "T1", ""),
        ("", "VN", ""),
        ("192.0.2.0/24", "VN", ""),
    ],
)
def test_it_believes_a_country_from_trusted_proxies_alone(
    tmp_path: Path, proxies: str, sent: str, country: str
) -> None:
    settings = {"country_header": "CF-IPCountry", "trusted_proxies": proxies}
    with site.intake(publish(tmp_path), **settings) as door:
        door.get("/k/x7p2", cf_ipcountry=sent)
        assert counted(door) == {f"visit x7p2 en{country}": 1}


def test_it_counts_what_came_in_the_last_moment_before_it_stops(tmp_path: Path) -> None:
    with site.intake(publish(tmp_path)) as door:
        for _ in range(3):
            door.get("/k/x7p2")
        assert door.stop() == 0
        [record] = door.stored()
    assert list(record.fields.values()) == ["3 0"]


def test_it_loses_no_more_than_the_last_moment_by_kill_9(tmp_path: Path) -> None:
    with site.intake(publish(tmp_path)) as door:
        for _ in range(5):
            door.get("/k/x7p2")
        assert counted(door) == {"visit x7p2 en": 5}
        door.get("/k/x7p2")
        door.kill()
        door.start()
        door.get("/k/x7p2")
        assert counted(door)["visit x7p2 en"] in {6, 7}


def test_it_follows_a_page_that_has_moved(tmp_path: Path) -> None:
    publish(tmp_path)
    moves = {PATH: "/en/rivers/now/"}
    shutil.rmtree(tmp_path / "site" / "public" / PATH.strip("/"))
    site.write_page(tmp_path, "/en/rivers/now/", "<h1>sign</h1>")
    (tmp_path / "site" / "redirects.json").write_text(json.dumps(moves))
    with site.intake(tmp_path) as door:
        assert door.get("/k/x7p2").headers["location"] == "/en/rivers/now/?s=x7p2"


def test_it_leads_to_a_language_that_is_there(tmp_path: Path) -> None:
    publish(tmp_path)
    shutil.rmtree(tmp_path / "site" / "public" / PATH.strip("/"))
    with site.intake(tmp_path) as door:
        assert door.get("/k/x7p2").headers["location"] == f"{ARABIC}?s=x7p2"


@pytest.mark.parametrize(
    "change",
    [
        {"to": {"en": "//elsewhere.example/"}},
        {"to": {"en": "/\\elsewhere.example/"}},
        {"to": {"en": "https://elsewhere.example/"}},
        {"to": {"en": "/en/\r\nset-cookie: a=b"}},
        {"to": {}},
        {"main": "fr"},
        {"lang": "fr"},
        {"s": "Not Ours"},
        {"page": "0"},
        {"to": "/en/"},
    ],
)
def test_it_leaves_out_a_link_that_is_wrong_and_keeps_the_others(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    told = json.loads(GOLDEN.read_bytes())
    told["links"]["x7p2"] |= change
    (tmp_path / "links.json").write_text(json.dumps(told))
    assert list(links.load_links(tmp_path / "links.json")) == ["anouk", "b4k9"]


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 2, "links": {}}', '{"links": {}}'])
def test_it_refuses_a_file_it_cannot_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "links.json").write_text(text)
    with pytest.raises((ValueError, msgspec.MsgspecError)):
        links.load_links(tmp_path / "links.json")


def test_it_goes_on_with_the_links_it_had(tmp_path: Path) -> None:
    with site.intake(publish(tmp_path)) as door:
        (tmp_path / "site" / "links.json").write_text("{")
        site.write_page(tmp_path, "/en/new/", "new")
        site.touch_generation(tmp_path)
        wait_until(lambda: door.get("/en/new/").status == 200, seconds=5)
        assert door.get("/k/x7p2").status == 302


# Carrying on ------------------------------------------------------------------------------------


def along(door: Intake, path: str, referer: str = "") -> str:
    answer = door.get(
        f"/k/-{path}", referer=referer.replace("HERE", f"http://127.0.0.1:{door.port}")
    )
    assert answer.headers.get("cache-control") == (
        "no-store" if answer.status == 302 else "public, max-age=1"
    )
    return f"{answer.status} {answer.headers.get('location', '')}".rstrip()


@pytest.mark.parametrize(
    ("path", "referer", "found"),
    [
        (ARABIC, f"HERE{PATH}?s=x7p2", f"302 {ARABIC}?s=x7p2"),
        (ARABIC, f"HERE{PATH}?t=a&s=x7p2&u=b", f"302 {ARABIC}?s=x7p2"),
        (f"{ARABIC}?s=own", f"HERE{PATH}?s=x7p2", f"302 {ARABIC}?s=own"),
        (ARABIC, f"HERE{PATH}", f"302 {ARABIC}"),
        (ARABIC, "", f"302 {ARABIC}"),
        (ARABIC, f"HERE{PATH}?t=a&t=b&s=x7p2", f"302 {ARABIC}"),
        (ARABIC, f"HERE{PATH}?s=%3Cscript%3E", f"302 {ARABIC}"),
        (ARABIC, "https://elsewhere.example/?s=x7p2", f"302 {ARABIC}"),
        (ARABIC, "http://[/?s=x7p2", f"302 {ARABIC}"),
    ],
)  # fmt: skip
def test_it_carries_the_source_to_the_next_page(
    door: Intake, path: str, referer: str, found: str
) -> None:
    assert along(door, path, referer) == found


@pytest.mark.parametrize(
    "path",
    ["/en/nothing/", "//elsewhere.example/", "/\\elsewhere.example/", "/https://elsewhere.example/",
     "", "/../../etc/passwd", "/%2f%2felsewhere.example/", "/healthz"],
)  # fmt: skip
def test_it_leads_to_nothing_but_pages_of_ours(door: Intake, path: str) -> None:
    assert along(door, path) == "404"


# From outside -----------------------------------------------------------------------------------


def test_it_takes_counts_from_nobody_outside(tmp_path: Path) -> None:
    publish(tmp_path)
    forged = site.spec(verb="visits", page=PAGE, path="/en/forged/", fields=site.FIELDS)
    site.write_spec(tmp_path, forged)
    name = f"{PAGE} x7p2 2026-11-22T18:00 en "
    with site.intake(tmp_path) as door:
        for page in ("", PAGE):
            told = {"page": page, "lang": "en", "verb": "visits", "key": "k" * 16}
            assert door.api({**told, "fields": {name: "999 0"}}).status == 404
        assert door.form({name: "999 0"}, "/en/forged/").status == 404
        assert door.form({**site.GOOD, name: "999 0"}).status == 422
        assert door.stored() == []
        assert "page spec skipped" in door.log.read_text()
