"""Editions and the manifest: what is published, what must go when it no longer is."""

from dataclasses import dataclass, field
from typing import Final

import msgspec

from groundswell.base import env, wire
from groundswell.campaigns import pack, render
from groundswell.campaigns.pack import Site
from groundswell.campaigns.render_pages import Page

MANIFEST: Final = "manifest.json"


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """An action page in one language, as far as links in mails lead to it."""

    page: str
    kind: str
    lang: str
    path: str
    title: str


class Published(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What one scope (the site, its homes, a campaign) has among the public files.

    `places` names the path of each of its pages by a key that outlives a change of address.
    `counts` are the action pages whose numbers a file shows; `actions` those that are published,
    by page and language. Times are ms since 1970. `mark` tells editions made of data apart.
    """

    files: list[str] = []
    specs: list[str] = []
    places: dict[str, str] = {}
    counts: dict[str, list[str]] = {}
    actions: dict[str, Linked] = {}
    state: str = ""
    opens: int | None = None
    closes: int | None = None
    mark: str = ""


class Manifest(msgspec.Struct, kw_only=True):
    """All scopes, and the addresses that pages used to have."""

    scopes: dict[str, Published] = {}
    redirects: dict[str, str] = {}


@dataclass(kw_only=True)
class Edition:
    """All that one scope is to have among the public files from now on."""

    scope: str
    files: dict[str, bytes] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    actions: dict[str, Linked] = field(default_factory=dict)
    state: str = ""
    opens: int | None = None
    closes: int | None = None
    mark: str = ""

    def add(self, path: str, data: bytes) -> None:
        """Add a file that is served as it is."""
        self.files[path] = data

    def add_page(self, page: Page, place: str) -> None:
        """Add a page; `place` names it whatever its address becomes."""
        self.pages.append(page)
        self.places[place] = page.path


def site() -> Site:
    """This installation's folder of published files."""
    return Site(env.load().path("site"))


def load(site: Site) -> Manifest:
    """What is published now."""
    try:
        return msgspec.json.decode((site.folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        return Manifest()


def save(site: Site, manifest: Manifest) -> None:
    """Write the manifest, and from it the redirects that the public door answers with."""
    _drop_stale_redirects(manifest)
    pack.write(site.folder / "redirects.json", msgspec.json.encode(manifest.redirects))
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    pack.write(site.folder / MANIFEST, data)


def put(site: Site, manifest: Manifest, edition: Edition) -> None:
    """Write an edition, pages before the specs that open them, and remove what it replaces."""
    old = manifest.scopes.get(edition.scope, Published())
    new = Published(
        files=list(edition.files),
        places=edition.places,
        actions=edition.actions,
        state=edition.state,
        opens=edition.opens,
        closes=edition.closes,
        mark=edition.mark,
    )
    for path, data in edition.files.items():
        site.put(path, data)
    for page in edition.pages:
        _put_page(site, page, new)
    for page in edition.pages:
        _put_spec(site, page, new)
    manifest.scopes[edition.scope] = new
    note_moves(manifest, old, new)
    _remove_leftovers(site, manifest, old)


def withdraw(site: Site, manifest: Manifest, scope: str) -> None:
    """Take a scope's files and specs away, specs first: nobody may post to a page that is gone."""
    old = manifest.scopes.pop(scope, None)
    if old is not None:
        _remove_leftovers(site, manifest, old)


def spec_name(page: Page) -> str:
    """The name a page's spec has, without its ending."""
    if page.spec is None:
        raise ValueError(f"{page.path} takes no form")
    return f"{page.spec.page}.{page.spec.verb}.{page.spec.lang}"


def counted_pages(html: str) -> list[str]:
    """The action pages whose count a page shows."""
    return list(dict.fromkeys(part[:32] for part in html.split('data-tally="')[1:]))


def _put_page(site: Site, page: Page, new: Published) -> None:
    html = page.html
    site.put(page.file, html.encode())
    # The nearest office can only be told to who lets the page know where they are.
    framed = "*" if page.framed else "'none'"
    headers = render.headers(asks_where=_is_call(page), frame_ancestors=framed)
    site.put_headers(page.file, headers)
    new.files.append(page.file)
    for key in counted_pages(html):
        new.counts.setdefault(key, []).append(page.file)


def _is_call(page: Page) -> bool:
    return page.spec is not None and (page.spec.kind, page.spec.verb) == ("call", "sign")


def _put_spec(site: Site, page: Page, new: Published) -> None:
    if page.spec is None:
        return
    name = spec_name(page)
    refill = f"{name}.refill.html"
    site.put_spec(refill, page.slotted.encode())
    spec = msgspec.structs.replace(page.spec, refill=refill)
    site.put_spec(f"{name}.json", wire.encode_spec(spec))
    new.specs += [f"{name}.json", refill]


def note_moves(manifest: Manifest, old: Published, new: Published) -> None:
    """Remember where pages used to be that have another address now."""
    for place, path in old.places.items():
        now = new.places.get(place)
        if now and now != path:
            manifest.redirects[path] = now


def _remove_leftovers(site: Site, manifest: Manifest, old: Published) -> None:
    scopes = manifest.scopes.values()
    specs = {name for scope in scopes for name in scope.specs}
    files = {path for scope in scopes for path in scope.files}
    for name in set(old.specs) - specs:
        site.remove_spec(name)
    for path in set(old.files) - files:
        site.remove(path)
    for key in set(old.counts) - {key for scope in scopes for key in scope.counts}:
        site.remove(f"count/{key}.json")


def _drop_stale_redirects(manifest: Manifest) -> None:
    live = {path for scope in manifest.scopes.values() for path in scope.places.values()}
    for path, first in list(manifest.redirects.items()):
        target = _end_of_chain(manifest.redirects, first, live)
        # An address that is in use again leads nowhere else, and none leads to a page that is gone.
        if path in live or target not in live:
            del manifest.redirects[path]
        else:
            manifest.redirects[path] = target


def _end_of_chain(redirects: dict[str, str], start: str, live: set[str]) -> str:
    seen = {start}
    target = start
    while target not in live and target in redirects:
        target = redirects[target]
        if target in seen:
            break
        seen.add(target)
    return target
