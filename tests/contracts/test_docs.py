"""The documents say what is so: generated pages are fresh, links lead somewhere, commands exist."""

import re
from pathlib import Path
from typing import Final

import pytest

from groundswell.ops import commands, documents

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "src/**/*.md", "tests/**/*.md", "benchmarks/**/*.md")
    for path in ROOT.glob(pattern)
)
LINK: Final = re.compile(r"\]\(([^)\s]+)\)|<(?:img|source)[^>]+src(?:set)?=\"([^\"]+)\"")
IN_CODE: Final = re.compile(r"```.*?```|`[^`\n]*`|^    [^\n]+$", re.DOTALL | re.MULTILINE)
FILE: Final = re.compile(r"`((?:src|tests|docs|scripts|benchmarks|\.ci)/[\w./-]+)`")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _heading_ids(text: str) -> set[str]:
    titles = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def broken_links(page: Path, text: str) -> list[str]:
    """Links inside the repository that lead nowhere."""
    found = []
    for link in [first or second for first, second in LINK.findall(IN_CODE.sub("", text))]:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists() or not _has(target, anchor):
            found.append(link)
    return found


def _has(page: Path, anchor: str) -> bool:
    return not anchor or anchor in _heading_ids(page.read_text(encoding="utf-8"))


def _make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", documents.pages())
def test_it_keeps_generated_pages_fresh(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == documents.pages()[name], "run `make fix`"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_it_has_no_dead_link_in(page: Path) -> None:
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


def test_it_would_see_a_dead_link() -> None:
    text = "[a](nowhere.md) [b](README.md) [c](README.md#no-such-heading)"
    assert broken_links(ROOT / "x.md", text) == ["nowhere.md", "README.md#no-such-heading"]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_it_names_only_commands_that_exist_in(page: Path) -> None:
    code = "\n".join(IN_CODE.findall(page.read_text(encoding="utf-8")))
    for target in re.findall(r"(?:^ *|`)make ([a-z]+)", code, re.MULTILINE):
        assert target in _make_targets()
    for words in re.findall(r"(?:^ *|[`/])groundswell ((?:[a-z]+ ?)+)", code, re.MULTILINE):
        assert commands.find(words.split()), f"groundswell {words}"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_it_names_only_files_that_exist_in(page: Path) -> None:
    named = FILE.findall(page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_it_tells_the_life_of_a_signature_step_by_step() -> None:
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    steps = re.findall(r"^\d+\. .+(?:\n   .+)*", text, re.MULTILINE)
    assert len(steps) >= 10
    for step in steps:
        assert FILE.search(step), f"no file is named in: {step}"
