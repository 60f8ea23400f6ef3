"""Copies of journal files while intake writes them and core deletes them."""

import os
from pathlib import Path
from typing import Final

import apsw

from groundswell.intake import journal_sqlite
from groundswell.intake.journal_frames import HEAD
from groundswell.intake.journal_scan import AHEAD, Found, Missing, Scan
from groundswell.ops.backup import sqlite

_BLOCK: Final = 1 << 20


def copy(source: Path, target: Path) -> None:
    """Copy every group that was acknowledged before this began. Raises FileNotFoundError.

    A damaged file is copied as it is: what can be saved of it is found out when it is drained.
    """
    with Scan.of(source) as scan:
        if not _is_old(scan):
            _frames(scan, source, target)
            return
    try:
        sqlite.copy(source, target)
    except apsw.CantOpenError as error:
        raise FileNotFoundError(str(source)) from error
    except (apsw.NotADBError, apsw.CorruptError):
        target.write_bytes(source.read_bytes())


def submissions(path: Path) -> int:
    """How many submissions a copied file holds, as far as it can be read."""
    with Scan.of(path) as scan:
        if not _is_old(scan):
            return sum(piece.head.n for piece in _pieces(scan) if isinstance(piece, Found))
    return sqlite.submissions(path)


def _frames(scan: Scan, source: Path, target: Path) -> None:
    damaged = any(isinstance(piece, Missing) for piece in _pieces(scan))
    # Not beyond the last whole group: what intake writes while we copy would be there in parts.
    good = scan.extent()
    left = source.stat().st_size if damaged else good.end
    at = 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while left > at and (block := scan.read(at, min(_BLOCK, left - at))):
            out.write(block)
            at += len(block)
        if not damaged and not good.ended:
            # As intake makes room: by another length than that the copy would seem to be cut off.
            out.truncate(-(-at // AHEAD) * AHEAD)


def _pieces(scan: Scan) -> "list[Found | Missing]":
    found = scan.pieces(len(HEAD), known=0, after=0, closed=lambda: False)
    return [piece._replace(body=b"") if isinstance(piece, Found) else piece for piece in found]


def _is_old(scan: Scan) -> bool:
    return scan.read(0, len(journal_sqlite.MAGIC)) == journal_sqlite.MAGIC
