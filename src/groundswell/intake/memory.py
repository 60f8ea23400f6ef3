"""What was stored lately, so that sending it again is the same submission and not a second one.

Bounded: two generations of MAX_KEYS each, about 11 MB in all; the older one goes when the younger
is full. Beyond that the submission's id still follows from key and body, so core sees one row.
"""

import secrets
from typing import Final

from groundswell.base import ids
from groundswell.base.errors import Refused
from groundswell.base.wire import Verb
from groundswell.intake.journal import Entry

MAX_KEYS: Final = 32_768
KEYLESS_MS: Final = 10_000


class Memory:
    """Idempotency keys seen and ids stored. It belongs to the event loop."""

    def __init__(self, limit: int = MAX_KEYS) -> None:
        self._limit = limit
        self._secret = ids.new_key()
        self._flying: dict[bytes, Entry] = {}
        self._fresh: dict[bytes, bytes] = {}
        self._older: dict[bytes, bytes] = {}

    def restore(self, tags: list[bytes]) -> None:
        """Take back what journal files say was stored: pairs of key tag and submission id."""
        for pair in tags:
            self._keep(pair[: ids.ID_BYTES], pair[ids.ID_BYTES :])

    def entry(
        self, *, page: str, verb: Verb, key: bytes, body: bytes, now: int
    ) -> tuple[Entry, bool]:
        """The entry for a submission and whether it is new. Raises Refused(409).

        A signature without a key is the same as the last one with the same body for at least ten
        seconds and at most twenty, in this process: that is a double click. Whoever signs again
        later may have withdrawn in between, so it is for core to tell. What comes from a link in
        a mail changes nothing when repeated, and is always kept.
        """
        if not key and verb != "sign":
            return Entry(submission=secrets.token_bytes(ids.ID_BYTES), key=b""), True
        if not key:
            return self._keyless(page, body, now)
        submission = ids.submission_id(page=page, key=key, body=body)
        tag = ids.key_tag(key)
        known = self._find(tag)
        if known is None:
            return Entry(submission=submission, key=tag), True
        if known.id != submission:
            raise Refused("key_reused", status=409)
        return known, False

    def hold(self, entry: Entry) -> None:
        """Remember an entry that is on its way to the disk."""
        self._flying[entry.key or entry.id] = entry

    def settled(self, entry: Entry, stored: bool) -> None:
        """The entry is on the disk, or is not: then it may be sent again."""
        name = entry.key or entry.id
        self._flying.pop(name, None)
        if stored:
            self._keep(name, entry.id)

    def _keyless(self, page: str, body: bytes, now: int) -> tuple[Entry, bool]:
        window = now // KEYLESS_MS
        names = [
            ids.submission_id(page=page, key=self._secret + b"%d" % at, body=body)
            for at in (window, window - 1)
        ]
        for name in names:
            known = self._find(name)
            if known is not None:
                return known, False
        return Entry(submission=names[0], key=b""), True

    def _find(self, name: bytes) -> Entry | None:
        flying = self._flying.get(name)
        if flying is not None:
            return flying
        stored = self._fresh.get(name) or self._older.get(name)
        if stored is None:
            return None
        entry = Entry(submission=stored, key=b"")
        entry.stored = True
        return entry

    def _keep(self, name: bytes, submission: bytes) -> None:
        if len(self._fresh) >= self._limit:
            self._older, self._fresh = self._fresh, {}
        self._fresh[name] = submission
