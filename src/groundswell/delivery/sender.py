"""From queued parcels to one channel, for as long as core runs.

A few letters are claimed in one transaction, sent outside of any, several at once, and what became
of them is written down soon after in another. If core dies in between, the claims run out and each
of these few is sent once more, under the same name; its record says so.
"""

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import Final

import msgspec
from django.db import DatabaseError

from groundswell.base import clock
from groundswell.base.breath import breathe
from groundswell.base.errors import SendFailed
from groundswell.base.letter import Letter, Signatory
from groundswell.delivery import Gone, Held, claims
from groundswell.delivery.channels.channel import Accepted, CannotTell, Channel
from groundswell.delivery.claims import Claim, Outcome
from groundswell.delivery.models import Parcel, State
from groundswell.delivery.post import NoRoom, Posts
from groundswell.delivery.states import Step

Compose = Callable[[Parcel], Letter]

CLAIM: Final = 50
ROUND_SECONDS: Final = 60.0  # far from CLAIM_LASTS, however slow the other side is
SETTLE_SECONDS: Final = 0.5
NAP_SECONDS: Final = 0.1
GRACE_SECONDS: Final = 1.0  # core has not much longer to stop

log = logging.getLogger("groundswell.delivery")


class Sender:
    """Sends what is due by one channel until `stop` is set.

    The database is for the caller's thread alone.

    `compose` makes a parcel's Letter; it raises Gone when there is none any more, Held when an
    organiser should look at it first. `alone`: nobody else sends by this channel, so a claim that
    is there at the start was left by a sender that died, and need not run out.
    """

    def __init__(
        self,
        channel: Channel,
        compose: Compose,
        *,
        stop: threading.Event | None = None,
        alone: bool = False,
    ) -> None:
        self._channel = channel
        self._compose = compose
        self._stop = stop or threading.Event()
        self._take_over = alone
        self._posts: Posts[Letter, Accepted] = Posts(lambda: channel, channel.connections)
        self._left: deque[tuple[Claim, Letter | None]] = deque()
        self._handed: dict[int, tuple[Claim, Letter]] = {}
        self._outcomes: list[Outcome] = []
        self._settle_at = 0.0
        self._trouble: Exception | None = None
        self._cautious = False

    def step(self) -> int:
        """Send what is due now, a minute's worth at most; returns how many messages there were.

        Raises ServerDown when the other side takes none at present; all that was not sent waits.
        """
        self._bring_in()  # what the last round could not, with the database away
        now = clock.now()
        before = now if self._take_over else now - claims.CLAIM_LASTS
        while claims.release_stale(self._channel, before=before):
            breathe()
        self._take_over = False
        # While they are away one letter is enough to ask whether they are back.
        claimed = claims.claim(self._channel, limit=1 if self._cautious else CLAIM, now=now)
        self._left.extend((one, None) for one in claimed)
        try:
            self._work(until=time.monotonic() + ROUND_SECONDS)
        finally:
            self._bring_in()
            self._let_go()
        trouble, self._trouble = self._trouble, None
        self._cautious = trouble is not None
        if trouble:
            raise trouble
        if not claimed:
            self._posts.close()  # an idle connection is one that they will cut
        return len(claimed)

    def close(self) -> None:
        """Close the connections."""
        self._posts.close()

    def _work(self, *, until: float) -> None:
        while (self._left or self._handed) and not self._trouble and time.monotonic() < until:
            breathe()
            if self._stop.is_set():
                break
            if self._left and self._posts.has_room():
                self._attempt(*self._left.popleft())
                self._take_in(0.0)
            else:
                self._take_in(NAP_SECONDS)

    def _attempt(self, claim: Claim, letter: Letter | None) -> None:
        try:
            ready = (claim, letter) if letter else self._prepare(claim)
        except BaseException:
            self._left.appendleft((claim, None))
            raise
        if ready is not None:
            self._posts.hand(ready[0].key, ready[1])
            self._handed[ready[0].key] = ready

    def _prepare(self, claim: Claim) -> tuple[Claim, Letter] | None:
        """The letter of a claim; of several with the same text the first, with all who sent it."""
        letters = []
        for one in claim.parcels:
            breathe()
            letter = self._letter(one)
            if letter is not None:
                letters.append((one, letter))
        if not letters:
            return None
        # Whom that leaves out has an outcome of their own already.
        parcels, written = zip(*letters, strict=True)
        together = tuple(map(_signatory, written)) if len(written) > 1 else ()
        return Claim(parcels), msgspec.structs.replace(written[0], together=together)

    def _letter(self, parcel: Parcel) -> Letter | None:
        try:
            return self._compose(parcel)
        except Gone as gone:
            self._note(Outcome(parcel, State.WITHDRAWN, Step(str(gone))))
        except Held as held:
            self._note(Outcome(parcel, State.HELD, Step(str(held))))
        except SendFailed as failed:
            self._note(self._failed(parcel, failed))
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  one letter's bug must not stop all others
            words = f"the letter could not be written: {type(error).__name__}"
            log.error("%s, %s", words, _where(error))
            self._note(claims.later(parcel, Step(words), clock.now()))
        return None

    def _take_in(self, seconds: float) -> None:
        """Wait so long at most for an answer, and note what it comes to."""
        answer = self._posts.answer(seconds)
        if answer is not None:
            claim, letter = self._handed.pop(answer.key)
            if isinstance(answer.error, NoRoom):
                self._left.appendleft((claim, letter))
            else:
                self._heed(claim, answer.said, answer.error)
        if self._outcomes and time.monotonic() > self._settle_at:
            self._settle()

    def _heed(self, claim: Claim, said: Accepted | None, error: Exception | None) -> None:
        for one in claim.parcels:
            if error is None:
                self._note(_accepted(one, said or Accepted(), len(claim.parcels)))
            elif isinstance(error, SendFailed):
                self._note(self._failed(one, error))
            else:
                self._note(Outcome(one, State.QUEUED, due_at=clock.now(), untried=True))
        if error is not None and not isinstance(error, SendFailed):
            self._trouble = self._trouble or error

    def _failed(self, parcel: Parcel, error: SendFailed) -> Outcome:
        now = clock.now()
        if isinstance(error, CannotTell):
            return claims.cannot_tell(parcel, self._channel, error.reason, now)
        if error.permanent:
            return Outcome(parcel, State.FAILED, Step(error.reason))
        return claims.later(parcel, Step(error.reason), now)

    def _note(self, outcome: Outcome) -> None:
        if not self._outcomes:
            self._settle_at = time.monotonic() + SETTLE_SECONDS
        self._outcomes.append(outcome)

    def _bring_in(self) -> None:
        """Wait for what is under way, and write down what became of it."""
        began = time.monotonic()
        while self._handed:
            if self._stop.is_set() and time.monotonic() > began + GRACE_SECONDS:
                break  # they may have these, which stay claimed for the next core
            self._take_in(NAP_SECONDS)
        self._settle()

    def _let_go(self) -> None:
        now = clock.now()
        while self._left:
            claim, _letter = self._left.popleft()
            for one in claim.parcels:
                self._note(Outcome(one, State.QUEUED, due_at=now, untried=True))
        self._settle()

    def _settle(self) -> None:
        if self._outcomes:
            claims.settle(self._outcomes)
            self._outcomes = []


def _accepted(parcel: Parcel, said: Accepted, together: int) -> Outcome:
    words = said.words
    if together > 1:
        words = f"with {together - 1} others of the same text in one message; {words}"
    if parcel.unsure:
        words = claims.TWICE + words
    return Outcome(parcel, State.ACCEPTED, Step(words, said.reference))


def _signatory(letter: Letter) -> Signatory:
    return Signatory(
        name=letter.sender_name or f"{letter.given_name} {letter.family_name}".strip(),
        city=letter.city,
        region=letter.region,
        postcode=letter.postcode,
        email=letter.email if letter.reply_to else "",
    )


def _where(error: Exception) -> str:
    """The place in the code, and nothing that could be somebody's data."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
