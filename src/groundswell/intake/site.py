"""The published site in memory: files, forms and error pages, swapped whole when they change.

`campaigns.publish` writes files and then replaces `site/generation`. A thread looks at that file
five times a second and builds a new snapshot of what changed. Nothing here writes to the site.
"""

import fcntl
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from groundswell.base import wire
from groundswell.intake import bugs
from groundswell.intake.assets import (
    ENCODINGS,
    EXTRA,
    QUALITY,
    Asset,
    Headers,
    Signature,
    load_asset,
    security_headers,
    signature_of,
)
from groundswell.intake.check import Form
from groundswell.intake.links import Lead, Link, load_links
from groundswell.intake.refill import split_slots

_SAFE: Final = re.compile(r"[^\x00-\x1f\"\\\\]+")
WATCH_SECONDS: Final = 0.2
PATIENCE_SECONDS: Final = 2.0
log = logging.getLogger("groundswell.intake")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The site at one moment. `assets` by path, `forms` by path and by (page, lang, verb).

    `moved` leads from addresses that pages used to have to those they have. `links` are the
    tracked links by their keys.
    """

    assets: Mapping[str, Asset] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    by_page: Mapping[tuple[str, str, str], Form] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, Lead] = field(default_factory=dict)

    def form(self, path: str) -> Form | None:
        """The form that is posted to a path, also to one that its page has moved away from."""
        return self.forms.get(path) or self.forms.get(self.moved.get(path, ""))

    def error_page(self, path: str, status: int) -> Asset | None:
        """The published error page in the language of a path, else in the main language."""
        language = path[1:].partition("/")[0]
        for code in (language, *self.languages[:1]):
            found = self.assets.get(f"/{code}/errors/{status}.html")
            if found:
                return found
        return self.assets.get(f"/errors/{status}.html")


class Site:
    """Watches a site folder. `snapshot` is replaced, never changed; reading it needs no lock."""

    def __init__(self, folder: Path, *, languages: tuple[str, ...], https: bool) -> None:
        self.snapshot = Snapshot()
        self.loaded = 0.0
        self._folder = folder
        self._languages = languages
        self._security = security_headers(https=https)
        # The two answers that are sent most, made once.
        kept: Headers = [("cache-control", "no-store"), *self._security]
        self.stored_headers: Final = kept
        self.json_headers: Final = [("content-type", "application/json"), *kept]
        self._generation: Signature = ()
        self._waits_since = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="site", daemon=True)
        self._links: Mapping[str, Link] = {}
        self._forms: dict[Path, tuple[Signature, Form]] = {}
        self._chores: list[Callable[[], None]] = []
        self._complaint = ""

    @property
    def security(self) -> Headers:
        """Headers that every answer carries."""
        return self._security

    def start(self, *chores: Callable[[], None]) -> None:
        """Load what is there and keep watching; `chores` run at each look, in the same thread."""
        self._chores.extend(chores)
        self.refresh()
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def refresh(self) -> bool:
        """Load the site if its generation has changed; whether it was.

        A publisher may be in the middle of the next publication. What is loaded then would be half
        of it, a page without its redirect for one, so it is thrown away and we look again; but not
        for ever, for publications may follow each other closely.
        """
        generation = signature_of(self._folder / "generation")
        if self.loaded and generation == self._generation:
            return False
        if self._may_wait() and self._is_being_written():
            return False
        snapshot = self._load()
        # In this order: whoever lets go of the lock in between has announced before.
        written = self._is_being_written()
        written |= signature_of(self._folder / "generation") != generation
        if written and self._may_wait():
            return False
        self.snapshot = snapshot
        self._generation = generation
        self._waits_since = 0.0
        self.loaded = time.time()
        return True

    def _may_wait(self) -> bool:
        """Whether there is a snapshot to go on with, and we have not waited for long."""
        now = time.monotonic()
        self._waits_since = self._waits_since or now
        return bool(self.loaded) and now - self._waits_since < PATIENCE_SECONDS

    def _is_being_written(self) -> bool:
        """Whether a publisher holds its lock. We never hold it, but to look for a moment."""
        try:
            descriptor = os.open(self._folder / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # nobody publishes into this folder: it is a copy
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            return isinstance(error, BlockingIOError)  # some file systems know no locks
        finally:
            os.close(descriptor)
        return False

    def _watch(self) -> None:
        while not self._stop.wait(WATCH_SECONDS):
            for chore in (self.refresh, *self._chores):
                try:
                    chore()
                except Exception as error:  # noqa: BLE001  yesterday's site is better than none
                    self._complain(bugs.describe(error))

    def _complain(self, what: str) -> None:
        if what != self._complaint:
            log.critical("site watch: %s", what)
        self._complaint = what

    def _load(self) -> Snapshot:
        assets = dict(self._assets())
        forms, by_page = self._load_forms()
        languages = tuple(code for code in self._languages if f"/{code}/" in assets)
        moved = self._moved()
        leads = {
            key: Lead(link, known=assets, moved=moved, headers=self.stored_headers)
            for key, link in self._read_links().items()
        }
        return Snapshot(assets, forms, by_page, languages, moved, leads)

    def _moved(self) -> Mapping[str, str]:
        try:
            text = (self._folder / "redirects.json").read_bytes()
            return msgspec.json.decode(text, type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            log.error("redirects skipped: %s", type(error).__name__)
            return self.snapshot.moved

    def _read_links(self) -> Mapping[str, Link]:
        """The links as they are told; as they were, when that cannot be read now."""
        try:
            self._links = load_links(self._folder / "links.json")
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            log.error("tracked links skipped: %s", type(error).__name__)
        return self._links

    def _assets(self) -> Iterator[tuple[str, Asset]]:
        public = self._folder / "public"
        for path in _files(public):
            if path.suffix in ENCODINGS or path.name.endswith(EXTRA):
                continue
            url = "/" + path.relative_to(public).as_posix()
            if path.name == "index.html":
                url = url.removesuffix("index.html")
            asset = self._asset(url, path)
            if asset:
                yield url, asset

    def _asset(self, url: str, path: Path) -> Asset | None:
        parts = (path, *(Path(f"{path}{suffix}") for suffix in (*ENCODINGS, EXTRA)))
        signature = signature_of(*parts)
        old = self.snapshot.assets.get(url)
        if old and old.signature == signature:
            return old
        try:
            return load_asset(url, path, signature=signature, security=self._security)
        except (OSError, ValueError) as error:
            # A file that is being replaced at this moment comes with the next generation.
            log.error("site file skipped: %s: %s", url, type(error).__name__)
            return old

    def _load_forms(self) -> tuple[dict[str, Form], dict[tuple[str, str, str], Form]]:
        by_path: dict[str, Form] = {}
        by_page: dict[tuple[str, str, str], Form] = {}
        seen: dict[Path, tuple[Signature, Form]] = {}
        for path in sorted((self._folder / "specs").glob("*.json")):
            loaded = self._form(path)
            if loaded is None:
                continue
            seen[path] = loaded
            form = loaded[1]
            by_path[form.spec.path] = form
            by_page[(form.spec.page, form.spec.lang, form.spec.verb)] = form
        self._forms = seen
        return by_path, by_page

    def _form(self, path: Path) -> tuple[Signature, Form] | None:
        refill = path.with_name(path.name.removesuffix(".json") + ".refill.html")
        signature = signature_of(path, refill)
        old = self._forms.get(path)
        if old and old[0] == signature:
            return old
        try:
            return signature, load_form(path)
        except (OSError, ValueError, KeyError, msgspec.MsgspecError) as error:
            log.error("page spec skipped: %s: %s", path.name, type(error).__name__)
            return old


def load_form(path: Path) -> Form:
    """A PageSpec with its refill page. Raises OSError, ValueError, msgspec.MsgspecError."""
    spec = wire.decode_spec(path.read_bytes())
    if spec.format != wire.SPEC_FORMAT:
        raise ValueError(f"format {spec.format}")
    if spec.verb == "visits":  # the door's own, made by nobody outside
        raise ValueError(f"verb {spec.verb}")
    template: tuple[str, ...] = ()
    if spec.refill:
        template = split_slots((path.parent / Path(spec.refill).name).read_text("utf-8"))
    return Form(spec, template)


def best_language(wanted: str, spoken: tuple[str, ...]) -> str | None:
    """The language of an Accept-Language header that we speak and that is wanted most."""
    best: tuple[float, str] | None = None
    for part in wanted[:400].split(","):
        tag, _, parameter = part.strip().lower().partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        if not QUALITY.fullmatch(quality):
            continue
        code = next((c for c in spoken if tag in {c, c.lower()} or tag.startswith(f"{c}-")), None)
        if code and float(quality) > (best[0] if best else 0.0):
            best = (float(quality), code)
    return best[1] if best else None


def is_https(public_url: str) -> bool:
    return urlsplit(public_url).scheme == "https"


def _files(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        # A draft of the publisher's, or a name that could not be written into a log line as it is.
        if entry.name.startswith(".") or not _SAFE.fullmatch(entry.name):
            continue
        if entry.is_dir():
            yield from _files(Path(entry.path))
        elif entry.is_file():
            yield Path(entry.path)
