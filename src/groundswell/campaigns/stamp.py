"""The count, put into published files: cheap, whatever the number of signatures."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import msgspec

from groundswell.base import clock
from groundswell.campaigns import pack, publish_files
from groundswell.campaigns.counters import Totals
from groundswell.campaigns.pack import Site
from groundswell.campaigns.publish_files import Manifest
from groundswell.campaigns.render_tags import number, plural_category
from groundswell.kinds.kind import Kind
from groundswell.kinds.petition.kind import PETITION
from groundswell.kinds.registry import KINDS

_COUNT: Final = re.compile(r'(<b data-count="([0-9a-f]{32})">)[^<]*')
_PROGRESS: Final = re.compile(r'(<progress data-progress="([0-9a-f]{32})" value=")[0-9]*')
_TALLY: Final = re.compile(r'(data-tally="([0-9a-f]{32})" data-n=")[0-9]*')
_UNIT: Final = re.compile(r'(<span data-unit="([0-9a-f]{32})"([^>]*)>)[^<]*')
_FORM: Final = re.compile(r'data-([a-z]+)="([^"]*)"')
_LANG: Final = re.compile(r'<html lang="([^"]+)"')
_GOAL: Final = re.compile(r'data-progress="([0-9a-f]{32})" value="[0-9]*" max="([0-9]+)"')


class CountFile(msgspec.Struct, frozen=True):
    """What `/count/<page>.json` says. `counted` is confirmed, first per address; of calls all."""

    page: str
    counted: int
    collected: int
    goal: int
    at: str


def stamp_counts(totals: Mapping[UUID, Totals]) -> int:
    """Bring the counts of some pages up to date in every file that shows them.

    Writes only what changes; returns the number of pages whose count did.
    """
    site = publish_files.site()
    with site.locked():
        changed = write_counts(site, publish_files.load(site), totals)
        if changed:
            site.announce()
    return changed


def write_counts(site: Site, manifest: Manifest, totals: Mapping[UUID, Totals]) -> int:
    """The same for a caller who holds the lock and announces the change."""
    files, kinds = _files(manifest), _kinds(manifest)
    changed: dict[str, int] = {}
    for key, count in totals.items():
        counted = count.counted(kinds.get(key.hex, PETITION))
        if key.hex in files and _put_count(site, key.hex, count, counted, files[key.hex]):
            changed[key.hex] = counted
    for path in dict.fromkeys(path for key in changed for path in files[key]):
        _stamp_public(site, path, changed)
    for name in _specs(manifest, changed):
        _stamp_spec(site, name, changed)
    return len(changed)


def stamp(html: str, counted: Mapping[str, int]) -> str:
    """A page with the counts of some action pages put in, in the page's own way of writing."""
    found = _LANG.search(html)
    lang = found[1] if found else "en"

    def value(match: re.Match[str], text: str | None = None) -> str:
        if match[2] not in counted:
            return match[0]
        return match[1] + (str(counted[match[2]]) if text is None else text)

    def words(match: re.Match[str]) -> str:
        forms = dict(_FORM.findall(match[3]))
        form = plural_category(counted.get(match[2], 0), lang)
        return value(match, forms.get(form) or forms.get("other", ""))

    html = _COUNT.sub(lambda match: value(match, number(counted.get(match[2], 0), lang)), html)
    html = _PROGRESS.sub(value, html)
    html = _TALLY.sub(value, html)
    return _UNIT.sub(words, html)


def shown_pages(manifest: Manifest) -> list[UUID]:
    """The action pages whose count some published file shows."""
    return [UUID(key) for key in _files(manifest)]


def _files(manifest: Manifest) -> dict[str, list[str]]:
    files: dict[str, list[str]] = {}
    for scope in manifest.scopes.values():
        for key, paths in scope.counts.items():
            files.setdefault(key, []).extend(paths)
    return files


def _kinds(manifest: Manifest) -> dict[str, Kind]:
    return {
        linked.page: KINDS[linked.kind]
        for scope in manifest.scopes.values()
        for linked in scope.actions.values()
        if linked.kind in KINDS
    }


def _specs(manifest: Manifest, keys: Iterable[str]) -> list[str]:
    wanted = tuple(f"{key}." for key in keys)
    return [
        name
        for scope in manifest.scopes.values()
        for name in scope.specs
        if name.endswith(".refill.html") and name.startswith(wanted)
    ]


def _put_count(site: Site, key: str, totals: Totals, counted: int, paths: list[str]) -> bool:
    path = f"count/{key}.json"
    goal = _goal(site, key, paths)
    try:
        old = msgspec.json.decode((site.public / path).read_bytes(), type=CountFile)
    except FileNotFoundError:
        old = None
    same = old and (old.counted, old.collected, old.goal)
    if same == (counted, totals.collected, goal):
        return False
    at = clock.now().isoformat(timespec="seconds")
    new = CountFile(key, counted, totals.collected, goal, at)
    return site.put(path, msgspec.json.encode(new), quality=pack.QUALITY_STAMP)


def _goal(site: Site, key: str, paths: list[str]) -> int:
    for path in paths:
        html = (site.public / path).read_text(encoding="utf-8")
        for page, goal in _GOAL.findall(html):
            if page == key:
                return int(goal)
    return 0


def _stamp_public(site: Site, path: str, counted: Mapping[str, int]) -> None:
    html = (site.public / path).read_text(encoding="utf-8")
    site.put(path, stamp(html, counted).encode(), quality=pack.QUALITY_STAMP)


def _stamp_spec(site: Site, name: str, counted: Mapping[str, int]) -> None:
    html = (site.specs / name).read_text(encoding="utf-8")
    site.put_spec(name, stamp(html, counted).encode())
