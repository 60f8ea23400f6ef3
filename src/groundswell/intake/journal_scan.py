"""What is in a journal file, frame by frame, whatever has happened to it.

Damage never hides what lies behind it: the next frame is found by its mark, and the numbers say
how many groups are missing in between. Nothing here changes a file.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from groundswell.intake import journal_frames as frames
from groundswell.intake.journal_frames import COPY_HEAD, FRAME_HEAD, HEAD, MARK, FrameHead

AHEAD: Final = 1 << 20  # a file in the writing is so many bytes long, or a multiple of it
Pread = Callable[[int, int, int], bytes]
_BLOCK: Final = 4096
_STRIDE: Final = 1 << 20
# What stands for bytes the disk does not give back: not zeros, which would say "never written".
_UNREADABLE: Final = b"\xee" * _BLOCK


class Found(NamedTuple):
    """A frame. `mended` if a flipped bit had to be turned back."""

    head: FrameHead
    body: bytes
    end: int
    mended: bool = False

    @property
    def tags(self) -> bytes:
        return self.body[: self.head.tags]

    @property
    def sealed(self) -> bytes:
        return self.body[self.head.tags :]


class Missing(NamedTuple):
    """Groups `first` to `last` are not there; bytes `start` to `end` are what is left of them.

    At the damaged end of a file of which nothing was noted nobody knows how many there were: `last`
    is `first` there.
    """

    first: int
    last: int
    start: int
    end: int
    at_end: bool = False


class Extent(NamedTuple):
    """How far a file is good: its last group, where that ends, and whether the file ends there."""

    seq: int
    end: int
    ended: bool


class Scan:
    """One journal file, open for reading."""

    def __init__(self, name: str, descriptor: int, pread: Pread | None = None) -> None:
        self.name = name
        self._descriptor = descriptor
        self._pread = pread or os.pread

    @classmethod
    @contextmanager
    def of(cls, path: Path) -> "Iterator[Scan]":
        """Open a file for as long as the block lasts. Raises OSError."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield cls(path.name, descriptor)
        finally:
            os.close(descriptor)

    def read(self, start: int, length: int) -> bytes:
        """Bytes of the file, fewer at its end. A block the disk cannot read is filled."""
        try:
            return self._pread(self._descriptor, length, start)
        except OSError:
            end = min(start + length, os.fstat(self._descriptor).st_size)
            borders = [start, *range(start - start % _BLOCK + _BLOCK, end, _BLOCK), end]
            return b"".join(self._block(one, other) for one, other in pairwise(borders))

    def pieces(
        self, start: int, *, known: int, after: int, closed: Callable[[], bool], last: int = 0
    ) -> Iterator[Found | Missing]:
        """Groups with a `seq` greater than `after`, which of them are missing, and the frame that
        ends the file, in order.

        At `start` is where group `known` ends. Stops where nothing more is written, and at what
        may still be in the writing because the file is not closed. `last` is the group up to which
        the file was known to go, before it was read.
        """
        gap = start
        while frame := self._frame(start) or self._look_again(start, closed):
            if isinstance(frame, Missing):  # the end of the file is damaged
                first = max(known, after) + 1
                if first <= max(last, known + 1):
                    yield frame._replace(first=first, last=max(first, last), start=gap)
                return
            if isinstance(frame, int):  # here is damage; something good follows there
                start = frame
                continue
            seq, ends = frame.head.seq, not frame.head.n and self._is_empty(frame.end)
            if seq > (first := max(known, after) + 1) and (frame.head.n or ends):
                yield Missing(first, seq - 1, gap, start)
            if ends or (frame.head.n and seq >= first):
                yield frame
            if ends:
                return
            known = max(known, seq) if frame.head.n else known
            start = gap = frame.end
        yield from self._lost(
            start,
            max(known, after) + 1,
            last,
            lambda: known >= after and self._is_cut_off(start, closed),
        )

    def good(self) -> Iterator[Found]:
        """The groups from the first one on, up to the first place that is not good."""
        start = len(HEAD)
        while (frame := self._frame(start)) and frame.head.n:
            yield frame
            start = frame.end

    def extent(self, known: Extent | None = None) -> Extent:
        """How far the heads of frames are good, and all of the last frame.

        `known` is an earlier answer, to go on from.
        """
        ends = [known or Extent(0, len(HEAD), ended=False)]
        if ends[0].ended:
            return ends[0]
        while head := frames.decode_head(self.name, self.read(ends[-1].end, FRAME_HEAD)):
            if head.seq <= ends[-1].seq:
                break  # left over from somewhere
            ends.append(Extent(head.seq, ends[-1].end + head.size, ended=not head.n))
        if len(ends) > 1 and not self._frame(ends[-2].end):
            ends.pop()
        return ends[-1] if not ends[-1].ended else Extent(ends[-2].seq, ends[-1].end, ended=True)

    def is_as_written(self, last: int = 0) -> bool:
        """Whether every byte of a closed file is what its writer wrote, as far as can be told.

        `last` is the group up to which it is known to go.
        """
        begin = self.read(0, len(HEAD))
        if begin not in {HEAD, COPY_HEAD}:
            # It may have been only just begun.
            return not last and not begin.strip(b"\0") and self._is_empty(0)
        pieces = self.pieces(len(HEAD), known=0, after=0, closed=lambda: True, last=last)
        return not any(isinstance(piece, Missing) or piece.mended for piece in pieces)

    def _lost(
        self, start: int, first: int, last: int, is_cut_off: Callable[[], bool]
    ) -> Iterator[Missing]:
        """What is missing where the file ends, and should not."""
        if first <= last or is_cut_off():
            end = start + len(self.read(start, _STRIDE * 8).rstrip(b"\0"))
            yield Missing(first, max(first, last), start, end, at_end=first > last)

    def _is_cut_off(self, start: int, closed: Callable[[], bool]) -> bool:
        """Whether the length alone says that something is missing at the end of a closed file.

        All the room for a frame is there before the frame is. So a file of another length may end
        in the last room of all, which nobody may have been told of, but in no frame that was safe:
        as each is that has another one, or the beginning of one, behind it.
        """
        size = os.fstat(self._descriptor).st_size
        border = size - size % AHEAD
        if border == size or self.read(0, len(HEAD)) != HEAD:
            return False
        ends = [0, len(HEAD), *(found.end for found in self.good())]
        was_safe = ends[-2 if self._is_empty(ends[-1]) else -1]
        # It may have been in the writing until just now.
        return was_safe > border and closed() and not self._frame(start)

    def _frame(self, start: int) -> Found | None:
        """The good frame there."""
        head = frames.decode_head(self.name, self.read(start, FRAME_HEAD))
        body = self.read(start + FRAME_HEAD, head.size - FRAME_HEAD) if head else b""
        if head is None or not frames.is_whole(self.name, head, body):
            return None
        return Found(head, body, start + head.size)

    def _look_again(self, start: int, closed: Callable[[], bool]) -> Found | Missing | int | None:
        """What to make of a place where no good frame is: see `pieces`.

        A writer may be in the middle of it. So we look a second time once we know that it is not:
        because it wrote more behind it, or because it is gone.
        """
        if self._is_empty(start):
            return None
        follows = self._next(start + 1)
        if follows is None and not closed():
            return None
        frame = self._frame(start) or self._mended(start)
        follows = follows or self._next(start + 1)
        if frame or follows:
            return frame or follows
        rest = self.read(start, _STRIDE * 8)
        if frames.is_cut_short(self.name, rest):
            return None
        return Missing(0, 0, start, start + len(rest), at_end=True)

    def _mended(self, start: int) -> Found | None:
        raw = self.read(start, FRAME_HEAD)
        head = frames.decode_head(self.name, raw) or frames.mend_head(self.name, raw)
        if head is None:
            return None
        body = self.read(start + FRAME_HEAD, head.size - FRAME_HEAD)
        if not frames.is_whole(self.name, head, body):
            mended = frames.mend_body(self.name, head, body)
            if mended is None:
                return None
            body = mended
        return Found(head, body, start + head.size, mended=True)

    def _next(self, start: int) -> int | None:
        """Where the next frame with a good head begins."""
        while len(chunk := self.read(start, _STRIDE)) >= FRAME_HEAD:
            at = chunk.find(MARK)
            while at >= 0:
                if frames.decode_head(self.name, self.read(start + at, FRAME_HEAD)):
                    return start + at
                at = chunk.find(MARK, at + 1)
            start += len(chunk) - len(MARK) + 1
        return None

    def _is_empty(self, start: int) -> bool:
        """Whether nothing was written from there on: nothing at all, or zeros."""
        while chunk := self.read(start, _STRIDE):
            if chunk != bytes(len(chunk)):
                return False
            start += len(chunk)
        return True

    def _block(self, start: int, end: int) -> bytes:
        try:
            return self._pread(self._descriptor, end - start, start)
        except OSError:
            return _UNREADABLE[: end - start]
