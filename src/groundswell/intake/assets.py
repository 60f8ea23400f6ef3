"""One published file ready to be sent: its bytes and headers in each encoding."""

import gzip
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import brotli
import msgspec
import zstandard

Headers = list[tuple[str, str]]
Signature = tuple[tuple[int, int, int], ...]

QUALITY: Final = re.compile(r"[01](?:\.[0-9]{0,3})?")
MAX_IN_MEMORY: Final = 256 << 10  # a larger file is sent from the disk
# Of a letter's pages of names there may be thousands, each of which is hardly ever asked for.
_RARE: Final = re.compile(r"/names/[0-9]+/$")
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
ENCODINGS: Final = {".br": "br", ".zst": "zstd", ".gz": "gzip"}  # the best first
_UNPACK: Final[Mapping[str, Callable[[bytes], bytes]]] = MappingProxyType(
    {".br": brotli.decompress, ".zst": zstandard.decompress, ".gz": gzip.decompress}
)
EXTRA: Final = ".headers.json"
_CSP: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_NOTHING_CSP: Final = "default-src 'none'; frame-ancestors 'none'"


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


def load_asset(url: str, path: Path, *, signature: Signature, security: Headers) -> Asset:
    """A file with its variants and headers. Raises OSError, ValueError."""
    on_disk = path.stat().st_size > MAX_IN_MEMORY or _RARE.search(url)
    body = None if on_disk else path.read_bytes()
    tag = blake2b(repr(signature).encode() if body is None else body, digest_size=8).hexdigest()
    headers = _Headers(url, path, etag=tag, security=security)
    asset = Asset(signature, path, tag, headers.variant(body))
    for suffix, encoding in ENCODINGS.items():
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


@lru_cache(maxsize=512)  # browsers send a few dozen different ones
def accepted_encodings(wanted: str) -> tuple[str, ...]:
    """Our encodings that an Accept-Encoding header allows, the best first."""
    allowed: dict[str, bool] = {}
    for part in wanted[:400].split(","):
        name, _, parameter = part.strip().lower().partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        if QUALITY.fullmatch(quality):
            allowed[name.strip()] = float(quality) > 0
    other = allowed.get("*", False)
    return tuple(each for each in ENCODINGS.values() if allowed.get(each, other))


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
        extra = Path(f"{path}{EXTRA}")
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


def signature_of(*paths: Path) -> Signature:
    found = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            found.append((0, 0, 0))
        else:
            found.append((status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(found)
