"""The published site in memory: files, forms and error pages, swapped whole when they change.

`campaigns.publish` writes files and then replaces `site/generation`. A thread looks at that file
five times a second and builds a new snapshot of what changed. Nothing here writes to the site.
"""

import gzip
import logging
import os
import re
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import brotli
import msgspec
import zstandard

from groundswell.base import wire
from groundswell.intake import bugs
from groundswell.intake.check import Form
from groundswell.intake.refill import split_slots

Headers = list[tuple[str, str]]
Signature = tuple[tuple[int, int, int], ...]

_SAFE: Final = re.compile(r"[^\x00-\x1f\"\\\\]+")
_QUALITY: Final = re.compile(r"[01](?:\.[0-9]{0,3})?")
WATCH_SECONDS: Final = 0.2
MAX_IN_MEMORY: Final = 256 << 10  # a larger file is sent from the disk
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".woff2": "font/woff2",
    ".pdf": "application/pdf",
    ".webmanifest": "application/manifest+json",
}
_ENCODINGS: Final = {".br": "br", ".zst": "zstd", ".gz": "gzip"}  # the best first
_UNPACK: Final[Mapping[str, Callable[[bytes], bytes]]] = MappingProxyType(
    {".br": brotli.decompress, ".zst": zstandard.decompress, ".gz": gzip.decompress}
)
_EXTRA: Final = ".headers.json"
_CSP: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_NOTHING_CSP: Final = "default-src 'none'; frame-ancestors 'none'"
log = logging.getLogger("groundswell.intake")


class Variant(NamedTuple):
    """One encoding of a file. No body: it is sent from the disk."""

    headers: Headers
    body: bytes | None
    not_modified: Headers


@dataclass(slots=True)
class Asset:
    """One published file, ready to be sent: a body and its headers per encoding."""

    signature: Signature
    path: Path
    etag: str
    plain: Variant
    packed: dict[str, Variant] = field(default_factory=dict)

    def variant(self, wanted: str) -> Variant:
        """The best encoding that an Accept-Encoding header allows."""
        for encoding in accepted_encodings(wanted):
            found = self.packed.get(encoding)
            if found is not None:
                return found
        return self.plain


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The site at one moment. `assets` by path, `forms` by path and by (page, lang, verb).

    `moved` leads from addresses that pages used to have to those they have.
    """

    assets: Mapping[str, Asset] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    by_page: Mapping[tuple[str, str, str], Form] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)

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
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="site", daemon=True)
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
        """Load the site if its generation has changed; whether it had."""
        generation = _signature(self._folder / "generation")
        if self.loaded and generation == self._generation:
            return False
        self.snapshot = self._load()
        self._generation = generation
        self.loaded = time.time()
        return True

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
        return Snapshot(assets, forms, by_page, languages, self._moved())

    def _moved(self) -> Mapping[str, str]:
        try:
            text = (self._folder / "redirects.json").read_bytes()
            return msgspec.json.decode(text, type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            log.error("redirects skipped: %s", type(error).__name__)
            return self.snapshot.moved

    def _assets(self) -> Iterator[tuple[str, Asset]]:
        public = self._folder / "public"
        for path in _files(public):
            if path.suffix in _ENCODINGS or path.name.endswith(_EXTRA):
                continue
            url = "/" + path.relative_to(public).as_posix()
            if path.name == "index.html":
                url = url.removesuffix("index.html")
            asset = self._asset(url, path)
            if asset:
                yield url, asset

    def _asset(self, url: str, path: Path) -> Asset | None:
        parts = (path, *(Path(f"{path}{suffix}") for suffix in (*_ENCODINGS, _EXTRA)))
        signature = _signature(*parts)
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
        signature = _signature(path, refill)
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
    template: tuple[str, ...] = ()
    if spec.refill:
        template = split_slots((path.parent / Path(spec.refill).name).read_text("utf-8"))
    return Form(spec, template)


def load_asset(url: str, path: Path, *, signature: Signature, security: Headers) -> Asset:
    """A file with its variants and headers. Raises OSError, ValueError."""
    large = path.stat().st_size > MAX_IN_MEMORY
    body = None if large else path.read_bytes()
    tag = blake2b(repr(signature).encode() if body is None else body, digest_size=8).hexdigest()
    headers = _Headers(url, path, etag=tag, security=security)
    asset = Asset(signature, path, tag, headers.variant(body))
    for suffix, encoding in _ENCODINGS.items():
        packed = None if body is None else _unpacked(path, suffix, body)
        if packed is not None:
            asset.packed[encoding] = headers.variant(packed, encoding)
    return asset


def security_headers(*, https: bool) -> Headers:
    """What every answer says about how it may be used."""
    headers = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
        ("cross-origin-opener-policy", "same-origin"),
    ]
    if https:
        headers.append(("strict-transport-security", "max-age=31536000; includeSubDomains"))
    return headers


def best_language(wanted: str, spoken: tuple[str, ...]) -> str | None:
    """The language of an Accept-Language header that we speak and that is wanted most."""
    best: tuple[float, str] | None = None
    for part in wanted[:400].split(","):
        tag, _, parameter = part.strip().lower().partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        if not _QUALITY.fullmatch(quality):
            continue
        code = next((c for c in spoken if tag in {c, c.lower()} or tag.startswith(f"{c}-")), None)
        if code and float(quality) > (best[0] if best else 0.0):
            best = (float(quality), code)
    return best[1] if best else None


@lru_cache(maxsize=512)  # browsers send a few dozen different ones
def accepted_encodings(wanted: str) -> tuple[str, ...]:
    """Our encodings that an Accept-Encoding header allows, the best first."""
    allowed: dict[str, bool] = {}
    for part in wanted[:400].split(","):
        name, _, parameter = part.strip().lower().partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        if _QUALITY.fullmatch(quality):
            allowed[name.strip()] = float(quality) > 0
    other = allowed.get("*", False)
    return tuple(each for each in _ENCODINGS.values() if allowed.get(each, other))


def is_https(public_url: str) -> bool:
    return urlsplit(public_url).scheme == "https"


def cache_control(url: str, content_type: str) -> str:
    """How long a CDN may keep a file, made for surges: rather stale than down."""
    if url.startswith("/assets/"):
        return "public, max-age=31536000, immutable"
    if url.startswith("/media/"):
        seconds = 86_400
    elif url.startswith("/count/"):
        seconds = 2
    elif content_type.startswith("text/html"):
        seconds = 10
    else:
        seconds = 300
    return (
        f"public, max-age={seconds}, stale-while-revalidate={2 * seconds}, "
        f"stale-if-error={5 * seconds}"
    )


class _Headers:
    """The headers of one file, for any of its encodings."""

    def __init__(self, url: str, path: Path, *, etag: str, security: Headers) -> None:
        content_type = _TYPES.get(path.suffix.lower(), "application/octet-stream")
        self._etag = etag
        self._named = {
            "content-type": content_type,
            "cache-control": cache_control(url, content_type),
            # The front door leads some visitors on by their language; a cache must not mix them up.
            "vary": "accept-encoding, accept-language" if url == "/" else "accept-encoding",
            "content-security-policy": _CSP if "html" in content_type else _NOTHING_CSP,
            **dict(security),
        }
        extra = Path(f"{path}{_EXTRA}")
        if extra.exists():
            own = msgspec.json.decode(extra.read_bytes(), type=dict[str, str])
            self._named |= {name.lower(): value for name, value in own.items()}

    def variant(self, body: bytes | None, encoding: str = "") -> Variant:
        headers = [*self._named.items(), ("etag", f'"{self._etag}"')]
        if encoding:
            headers[-1:] = [("content-encoding", encoding), ("etag", f'"{self._etag}-{encoding}"')]
        kept = [pair for pair in headers if pair[0] not in {"content-type", "content-encoding"}]
        return Variant(headers, body, kept)


def _unpacked(path: Path, suffix: str, body: bytes) -> bytes | None:
    """A compressed sibling's bytes, if they hold the same file.

    Between two renames of a publisher the sibling may be of another edition.
    """
    try:
        packed = Path(f"{path}{suffix}").read_bytes()
        return packed if _UNPACK[suffix](packed) == body else None
    except (OSError, EOFError, zlib.error, brotli.error, zstandard.ZstdError):
        return None


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


def _signature(*paths: Path) -> Signature:
    found = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            found.append((0, 0, 0))
        else:
            found.append((status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(found)
