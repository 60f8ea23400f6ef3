"""Packed pages: the best encoding a browser takes, and nothing it does not take."""

import gzip
from collections.abc import Callable

import brotli
import pytest
import zstandard

from groundswell.intake.assets import accepted_encodings
from groundswell.intake.tests.site_factory import PATH, Intake

CHROME = "gzip, deflate, br, zstd"
UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "zstd": zstandard.decompress,
    "gzip": gzip.decompress,
}


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        (CHROME, ["br", "zstd", "gzip"]),
        ("GZIP , Br", ["br", "gzip"]),
        ("gzip;q=1.0, br;q=0.2", ["br", "gzip"]),
        ("gzip;q=0, br", ["br"]),
        ("br;q=0.000, gzip; q=0.5", ["gzip"]),
        ("brotli-not, x-zstd, gzipped", []),
        ("*", ["br", "zstd", "gzip"]),
        ("*, br;q=0", ["zstd", "gzip"]),
        ("*;q=0", []),
        ("identity", []),
        ("gzip;q=nonsense", []),
        ("", []),
        (",;,;q=1," + "x" * 5000 + ",gzip", []),
    ],
)
def test_it_reads_what_a_browser_takes(wanted: str, allowed: list[str]) -> None:
    assert list(accepted_encodings(wanted)) == allowed


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [(CHROME, "br"), ("zstd, gzip", "zstd"), ("gzip, br;q=0", "gzip"), ("brotli-not", None)],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_sends_each_encoding_with_its_own_tag(
    door: Intake, method: str, wanted: str, sent: str | None
) -> None:
    plain = door.get(PATH)
    answer = door.request(method, PATH, headers={"accept-encoding": wanted})
    assert answer.headers.get("content-encoding") == sent
    assert answer.headers["vary"] == "accept-encoding"
    assert (answer.headers["etag"] == plain.headers["etag"]) is (sent is None)
    whole = answer.body if method == "GET" else door.get(PATH, accept_encoding=wanted).body
    assert int(answer.headers["content-length"]) == len(whole)
    assert (UNPACK[sent](whole) if sent else whole) == plain.body
    if method == "HEAD":
        assert answer.body == b""


@pytest.mark.parametrize("encoding", sorted(UNPACK))
def test_it_answers_304_with_the_tag_of_the_encoding(door: Intake, encoding: str) -> None:
    etag = door.get(PATH, accept_encoding=encoding).headers["etag"]
    again = door.get(PATH, accept_encoding=encoding, if_none_match=etag)
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert "content-encoding" not in again.headers


def test_it_sends_no_body_to_head(door: Intake) -> None:
    """Two requests on one connection: a body that came would be taken for the second answer."""
    head = f"HEAD {PATH} HTTP/1.1\r\nHost: h\r\n\r\n".encode()
    last = f"HEAD {PATH} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode()
    raw = door.raw(head + last)
    assert raw.count(b"HTTP/1.1 200 OK") == 2
    assert b"words" not in raw
    assert raw.endswith(b"\r\n\r\n")
