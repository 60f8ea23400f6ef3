"""The bytes of a journal file: a head, then frames, each of which can be found and checked alone.

A frame is a mark, its numbers and their checksum, then the tags and the sealed group, whose
checksum is among the numbers. Checksums begin with the file's name, so that what a disk has left
over from another file is never taken for ours. A single bit that has flipped can be turned back.
docs/formats/journal.md describes it all.
"""

from struct import Struct
from typing import Final, NamedTuple
from zlib import crc32

HEAD: Final = b"groundswell journal 2".ljust(31) + b"\n"
# Of a file that core fetches from another machine: journal_copy.py.
COPY_HEAD: Final = b"groundswell journal 2 copy".ljust(31) + b"\n"
MARK: Final = b"\x8bgwj\r\n\x1a\xf2"
_NUMBERS: Final = Struct("<QqIIII")
_CHECK: Final = Struct("<I")
_CHECKED: Final = len(MARK) + _NUMBERS.size
FRAME_HEAD: Final = _CHECKED + _CHECK.size
# A frame of which less is missing than this is called damaged and not cut short.
_MISSING: Final = 8
_POLYNOMIAL: Final = 0xEDB88320  # of CRC-32, its bits reversed


class FrameHead(NamedTuple):
    """The numbers of a frame; `n` is 0 in the one that closes a file."""

    seq: int
    at: int
    n: int
    tags: int  # how many bytes
    sealed: int  # how many bytes
    check: int

    @property
    def size(self) -> int:
        """Bytes of the whole frame."""
        return FRAME_HEAD + self.tags + self.sealed


def encode(name: str, *, seq: int, at: int, n: int, tags: bytes, sealed: bytes) -> bytes:
    """A group's frame in the file of that name."""
    check = crc32(sealed, crc32(tags, _begin(name)))
    numbers = MARK + _NUMBERS.pack(seq, at, n, len(tags), len(sealed), check)
    return b"".join((numbers, _CHECK.pack(crc32(numbers, _begin(name))), tags, sealed))


def encode_end(name: str, *, seq: int, at: int) -> bytes:
    """The frame that says: closed in good order, `seq` is the first number that was not given."""
    return encode(name, seq=seq, at=at, n=0, tags=b"", sealed=b"")


def decode_head(name: str, raw: bytes) -> FrameHead | None:
    """The numbers at the start of a frame, or None if that is not what these bytes are."""
    if len(raw) < FRAME_HEAD or not raw.startswith(MARK):
        return None
    (check,) = _CHECK.unpack_from(raw, _CHECKED)
    if crc32(raw[:_CHECKED], _begin(name)) != check:
        return None
    return FrameHead(*_NUMBERS.unpack_from(raw, len(MARK)))


def is_whole(name: str, head: FrameHead, body: bytes) -> bool:
    """Whether tags and sealed group are as they were written."""
    return len(body) == head.tags + head.sealed and crc32(body, _begin(name)) == head.check


def mend_head(name: str, raw: bytes) -> FrameHead | None:
    """The numbers of a frame in whose head one bit has flipped, or None if it was more."""
    for bit in range(8 * min(len(raw), FRAME_HEAD)):
        if head := decode_head(name, _flipped(raw, bit)):
            return head
    return None


def mend_body(name: str, head: FrameHead, body: bytes) -> bytes | None:
    """Tags and sealed group in which one bit has flipped, or None if it was more.

    A checksum is linear: what a flipped bit adds to it depends on nothing but its distance from
    the end, so we walk from there. Whether the guess is right, the seal tells.
    """
    if len(body) != head.tags + head.sealed:
        return None
    wanted, added = crc32(body, _begin(name)) ^ head.check, _POLYNOMIAL
    for bit in range(8 * len(body) - 1, -1, -1):
        if added == wanted:
            return _flipped(body, bit)
        added = (added >> 1) ^ (_POLYNOMIAL if added & 1 else 0)
    return None


def is_cut_short(name: str, rest: bytes) -> bool:
    """Whether the last bytes of a file are a frame whose end was never written: no more than that.

    That is what a writer leaves which died in the middle, before it could acknowledge anything.
    """
    written = rest.rstrip(b"\0")
    head = decode_head(name, rest)
    if head is None:
        return len(written) < FRAME_HEAD and MARK.startswith(written[: len(MARK)])
    return len(written) + _MISSING <= head.size


def _begin(name: str) -> int:
    return crc32(name.encode())


def _flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
