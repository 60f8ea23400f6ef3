"""Stamping: the count is the same in every published file, and only what changed is written."""

import gzip
from pathlib import Path
from uuid import UUID

import brotli
import msgspec
import pytest
import zstandard

from groundswell.campaigns import publish_files, stamp
from groundswell.campaigns.counters import Totals
from groundswell.campaigns.pack import Site, twin
from groundswell.campaigns.tests import sample_site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    site = sample_site.publish(tmp_path)
    monkeypatch.setattr(publish_files, "site", lambda: site)
    return site


def pages(site: Site, lang: str) -> list[str]:
    places = (f"{lang}/", f"{lang}/room/", f"{lang}/room/sign/", f"{lang}/room/sign/thanks/")
    return [(site.public / place / "index.html").read_text() for place in places]


def test_it_puts_the_count_into_every_file_that_shows_it(site: Site) -> None:
    assert stamp.stamp_counts({sample_site.KEY: Totals(3000, 2024)}) == 1
    for lang in sample_site.LANGS:
        for html in pages(site, lang):
            assert f'<b data-count="{sample_site.PAGE}">2,024</b>' in html
            assert f'data-progress="{sample_site.PAGE}" value="2024"' in html
            assert f'data-tally="{sample_site.PAGE}" data-n="2024"' in html


def test_it_packs_what_it_stamps(site: Site) -> None:
    stamp.stamp_counts({sample_site.KEY: Totals(3000, 2024)})
    file = site.public / "en/room/sign/index.html"
    unpack = {".br": brotli.decompress, ".zst": zstandard.decompress, ".gz": gzip.decompress}
    for suffix, unpacked in unpack.items():
        assert unpacked(twin(file, suffix).read_bytes()) == file.read_bytes()


def test_it_adds_a_twin_that_an_older_version_did_not_make(site: Site) -> None:
    file = site.public / "en/room/sign/index.html"
    assert not site.put("en/room/sign/index.html", file.read_bytes())
    twin(file, ".zst").unlink()
    assert site.put("en/room/sign/index.html", file.read_bytes())
    assert twin(file, ".zst").exists()


def test_it_takes_all_twins_away_with_their_page(site: Site) -> None:
    folder = site.public / "en/room/sign"
    site.remove("en/room/sign/index.html")
    assert not [path.name for path in folder.iterdir() if path.name.startswith("index.html")]


def test_it_stamps_the_page_that_comes_back_with_errors(site: Site) -> None:
    stamp.stamp_counts({sample_site.KEY: Totals(3000, 2024)})
    refill = site.specs / f"{sample_site.PAGE}.sign.en.refill.html"
    assert ">2,024</b>" in refill.read_text()


def test_it_leaves_the_other_pages_counts_alone(site: Site) -> None:
    other = site.public / "en/past/sign/index.html"
    before = other.stat().st_mtime_ns
    stamp.stamp_counts({sample_site.KEY: Totals(3000, 2024)})
    assert other.stat().st_mtime_ns == before
    assert ">1,347</b>" in other.read_text()


def test_it_writes_the_count_for_the_script(site: Site) -> None:
    stamp.stamp_counts({sample_site.KEY: Totals(3000, 2024)})
    count = msgspec.json.decode((site.public / f"count/{sample_site.PAGE}.json").read_bytes())
    del count["at"]
    assert count == {
        "page": sample_site.PAGE,
        "counted": 2024,
        "collected": 3000,
        "goal": 2500,
    }


def test_it_does_nothing_when_the_count_is_the_same(site: Site) -> None:
    stamp.stamp_counts({sample_site.KEY: Totals(3000, 2024)})
    before = (site.folder / "generation").read_bytes()
    assert stamp.stamp_counts({sample_site.KEY: Totals(3000, 2024)}) == 0
    assert (site.folder / "generation").read_bytes() == before


def test_it_ignores_a_page_that_is_not_published(site: Site) -> None:
    assert stamp.stamp_counts({UUID(int=7): Totals(3, 2)}) == 0
    assert not (site.public / f"count/{UUID(int=7).hex}.json").exists()


@pytest.mark.parametrize(
    ("lang", "count", "words"),
    [
        ("en", 1, "person has signed"),
        ("en", 2, "people have signed"),
        ("ar", 1, "شخص وقّع"),
        ("ar", 2, "شخصان وقّعا"),
        ("ar", 5, "أشخاص وقّعوا"),
        ("ar", 11, "شخصًا وقّعوا"),
        ("ar", 100, "شخص وقّعوا"),
    ],
)
def test_it_bends_the_words_to_the_number(site: Site, lang: str, count: int, words: str) -> None:
    stamp.stamp_counts({sample_site.KEY: Totals(count, count)})
    html = (site.public / f"{lang}/room/sign/index.html").read_text()
    assert f">{words}</span>" in html


def test_it_makes_the_same_page_as_rendering_anew(site: Site) -> None:
    html = (site.public / "ar/room/sign/index.html").read_text()
    there = stamp.stamp(html, {sample_site.PAGE: 3})
    assert there != html
    assert stamp.stamp(there, {sample_site.PAGE: 1347}) == html
