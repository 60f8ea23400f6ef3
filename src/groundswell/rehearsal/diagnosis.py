"""Why an installation did not bear what it was sent, from what was seen meanwhile."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import msgspec

from groundswell.rehearsal.machine import Sample
from groundswell.rehearsal.run import MAX_ERRORS, MAX_PAGE, Step, Tale

_DOOR_FULL: Final = 0.85
_MACHINE_FULL: Final = 0.95
_OWN_HALF: Final = 0.5
_WRITING: Final = 0.6
SLOW_COMMIT: Final = 0.02
SLOW_PAGE: Final = 0.2
_FAR_SLOWER: Final = 5


class Verdict(msgspec.Struct, frozen=True):
    """What was the limit: a code for programs, words for people, what was seen, what helps."""

    code: str
    title: str
    seen: list[str]
    helps: str


def diagnose(tale: Tale, step: Step) -> Verdict:
    """Why a step was not borne, from what was seen while it was played."""
    seen = _seen(tale, step)
    for rule in _RULES:
        verdict = rule(step, seen)
        if verdict:
            return verdict
    raise AssertionError("the last rule always has an answer")


class _Seen(msgspec.Struct, frozen=True):
    """The machine during one step: means, and None for what could not be seen."""

    door: float | None
    answer: float | None
    writing: float | None
    commit: float | None
    cpu: float
    disk: float | None
    stuck: bool
    cannot_store: bool
    direct: bool
    errors: dict[str, int]


def _seen(tale: Tale, step: Step) -> _Seen:
    during = [one for one in tale.samples if step.since < one.at <= step.until + 1]
    commits = sum(one.commits for one in during)
    errors = dict(step.requests.errors)
    for code, number in step.acts.errors.items():
        errors[code] = errors.get(code, 0) + number
    return _Seen(
        door=_high([one.door for one in during]),
        answer=_high([one.answer for one in during]),
        writing=_writing(during),
        commit=sum(one.written for one in during) / commits if commits else None,
        cpu=_high([one.cpu for one in during]) or 0.0,
        disk=_high([one.disk for one in during]),
        stuck=not commits and sum(bool(one.waiting) for one in during) > len(during) / 2,
        cannot_store=any(one.can_store is False for one in during),
        direct=tale.direct,
        errors=errors,
    )


def _writing(during: list[Sample]) -> float | None:
    """The share of its busy time that the journal spent waiting for the disk.

    Busy is every look at which something waited or had been written, since a wait that is longer
    than the time between two looks is told only when it is over.
    """
    busy = [
        two.at - one.at
        for one, two in pairwise(during)
        if one.waiting or two.waiting or two.commits
    ]
    if not busy or all(one.writing is None for one in during):
        return None
    return min(1.0, sum(one.written for one in during) / sum(busy))


def _high(values: list[float | None]) -> float | None:
    """The mean of the upper half: a step has a beginning and an end in which little happens."""
    known = sorted(value for value in values if value is not None)
    upper = known[len(known) // 2 :]
    return sum(upper) / len(upper) if upper else None


# The rules, the first that applies is the verdict -------------------------------------------------

_Rule = Callable[[Step, _Seen], Verdict | None]


def _well(step: Step, seen: _Seen) -> Verdict | None:
    if not step.carried or step.is_ours:
        return None
    return Verdict(
        "none", "Nothing broke", [f"{_times(step)}", _door_words(seen)],
        "Nothing has to be done for this. Rehearse a harder scenario to find the limit.",
    )  # fmt: skip


def _refused(step: Step, seen: _Seen) -> Verdict | None:
    total = step.requests.offered + step.acts.offered
    if seen.errors.get("refused_pass", 0) > MAX_ERRORS * total:
        return Verdict(
            "pass", "The rehearsal's pass was refused", [_count(seen, "refused_pass")],
            "The door does not know the key that signed it: run `groundswell prepare`, see that "
            "keys/public/rehearsal.json is on every intake host, and that its clock is right.",
        )  # fmt: skip
    if seen.errors.get("too_many", 0) > MAX_ERRORS * step.acts.offered:
        return Verdict(
            "limits", "Somebody limits how much one network may send", [_count(seen, "too_many")],
            "The door itself spares rehearsals, so this limit is in front of it: look at the rate "
            "limits of the proxy, the CDN or its bot protection. Real crowds share networks too.",
        )  # fmt: skip
    if seen.errors.get("connect", 0) > MAX_ERRORS * total:
        return Verdict(
            "down", "It could not be reached", [_count(seen, "connect")],
            "Nobody listens there, or a limit on connections turns visitors away: look at the "
            "proxy's and the system's limits (open files, backlog), and whether intake runs.",
        )  # fmt: skip
    return None


def _store(_step: Step, seen: _Seen) -> Verdict | None:
    if not seen.cannot_store:
        return None
    return Verdict(
        "store", "The door could not store anything for a while",
        ["intake said so in its metrics (can_store 0)", _count(seen, "busy")],
        "The journal's disk is full or failing: make room, then look at /healthz and intake's log.",
    )  # fmt: skip


def _front(step: Step, seen: _Seen) -> Verdict | None:
    """The page is slow while the door itself, asked directly, is quick."""
    if seen.answer is None or seen.direct:
        return None
    # Our own lateness is counted several times: for the connection, the question and the answer.
    if step.page_p50 < max(SLOW_PAGE, _FAR_SLOWER * max(seen.answer, step.lag_p99)):
        return None
    return _in_front(step, seen)


def _disk(step: Step, seen: _Seen) -> Verdict | None:
    if seen.stuck:
        return Verdict(
            "disk", "The journal's disk does not answer",
            ["submissions wait, and not one group was written meanwhile", _times(step)],
            "The disk hangs, or a network drive is away: look at the kernel's log.",
        )  # fmt: skip
    if seen.writing is None or seen.commit is None or seen.commit < SLOW_COMMIT:
        return None
    if seen.writing < _WRITING or (seen.door or 0) >= _DOOR_FULL:
        return None
    share, each = f"{seen.writing:.0%}", _ms(seen.commit)
    words = [
        f"intake's journal waited for the disk {share} of the time, {each} for each group",
        _door_words(seen),
        _times(step),
    ]
    if seen.disk is not None:
        words.insert(1, f"the disk was busy {seen.disk:.0%} of the time")
    if seen.errors.get("busy"):
        words.append(_count(seen, "busy"))
    return Verdict(
        "disk", "The journal's disk is too slow", words,
        "Every thank-you waits until the disk has confirmed. Put the data folder's journal on a "
        "local SSD (no network drive) and see what else writes there. A good disk takes 1 to 3 ms.",
    )  # fmt: skip


def _door(step: Step, seen: _Seen) -> Verdict | None:
    if (seen.door or 0) < _DOOR_FULL:
        return None
    words = [_door_words(seen), f"the machine as a whole {seen.cpu:.0%}", _times(step)]
    if step.is_ours:
        words.append("the rehearsal ran on the same processors: alone, the door carries more")
    return Verdict(
        "door", "The door's processor is full", words,
        "Let a CDN answer for pages and pictures; then more workers (intake_workers, one for each "
        "core), then more intake hosts.",
    )  # fmt: skip


def _queue(step: Step, seen: _Seen) -> Verdict | None:
    busy = seen.errors.get("busy", 0)
    if busy <= MAX_ERRORS * step.acts.offered:
        return None
    return Verdict(
        "queue", "The door refuses before it must",
        [_count(seen, "busy"), _door_words(seen), _disk_words(seen)],
        "More may wait for the disk than the setting journal_queue allows: raise it.",
    )  # fmt: skip


def _starved(step: Step, seen: _Seen) -> Verdict | None:
    if seen.answer is None or seen.answer < SLOW_PAGE or step.page_p99 < MAX_PAGE:
        return None
    return Verdict(
        "starved", "The door is slow without using a core: something holds it back",
        [
            _answer_words(seen), _door_words(seen),
            f"the machine as a whole {seen.cpu:.0%}", _disk_words(seen), _times(step),
        ],
        "Look for a limit on its processor time (CPUQuota, cgroups, a small virtual machine), for "
        "swapping, and for other programs that use the machine.",
    )  # fmt: skip


def _ours(step: Step, seen: _Seen) -> Verdict | None:
    if not step.is_ours or (seen.cpu >= _MACHINE_FULL and step.own_cpu < _OWN_HALF):
        return None  # late, but because others use the machine
    words = [
        f"our own visitors came up to {_ms(step.lag_p99)} late",
        f"our processes used {step.own_cpu:.0%} of a core each",
        f"the machine as a whole {seen.cpu:.0%}",
        _door_words(seen),
    ]
    if "no_port" in step.requests.errors or "no_port" in step.acts.errors:
        words.append("this machine ran out of ports for connections")
    return Verdict(
        "rehearsal", "The rehearsal itself was the limit, not the installation", words,
        "The installation carries at least what is shown. To find its limit, use more processes "
        "(--processes), or rehearse from another machine.",
    )  # fmt: skip


def _machine(step: Step, seen: _Seen) -> Verdict | None:
    if seen.cpu < _MACHINE_FULL:
        return None
    return Verdict(
        "machine", "The machine's processors are full",
        [
            f"the machine as a whole {seen.cpu:.0%}",
            _door_words(seen),
            f"the rehearsal itself {step.own_cpu:.0%} of a core for each of its processes",
            _answer_words(seen),
            _times(step),
        ],
        "Something beside intake uses them: the database, core, a proxy, or another program. Look "
        "with `top`, and give intake a machine of its own.",
    )  # fmt: skip


def _before(step: Step, seen: _Seen) -> Verdict | None:
    pages_bad = step.page_p99 > MAX_PAGE or step.requests.bad > MAX_ERRORS * step.requests.offered
    if seen.door is None and not pages_bad:
        return Verdict(
            "storing", "Storing what is sent is what is slow",
            [_times(step), "intake's metrics cannot be read from here"],
            "Pages came quickly, acknowledgements did not: most likely the journal's disk. "
            "Rehearse on the machine itself, or look at groundswell_journal_commit_seconds there.",
        )  # fmt: skip
    if not pages_bad:
        return Verdict(
            "acts", "Acknowledging is slow, and neither the disk nor the processor says why",
            [_times(step), _door_words(seen), _disk_words(seen)],
            "Pages came quickly. Look at what treats submissions differently: the proxy (buffers, "
            "limits for POST), and intake's log.",
        )  # fmt: skip
    return _unexplained(step, seen) if seen.direct else _in_front(step, seen)


def _unexplained(step: Step, seen: _Seen) -> Verdict:
    words = [_times(step), _door_words(seen), _answer_words(seen), _disk_words(seen)]
    return Verdict(
        "starved", "The door is slow, and nothing that can be seen of it says why",
        words + [_count(seen, code) for code in seen.errors],
        "Nothing is in front of it. Look for what holds the whole machine up: swapping, other "
        "programs, a limit on connections or open files; and at intake's log.",
    )  # fmt: skip


def _in_front(step: Step, seen: _Seen) -> Verdict:
    words = [_times(step), _door_words(seen)]
    if seen.answer is not None:
        words.append(
            f"{_answer_words(seen)}; half of the visitors waited {_ms(step.page_p50)} or more"
        )
    words.append(_disk_words(seen))
    words += [_count(seen, code) for code in seen.errors]
    return Verdict(
        "front", "The time goes before the door, not in it", words,
        "Intake had time to spare. Look at what is in front of it: the proxy (its workers, its "
        "connections), TLS, the network, a limit of the CDN or of the provider.",
    )  # fmt: skip


_RULES: Final[tuple[_Rule, ...]] = (
    _well, _refused, _store, _front, _disk, _door, _queue, _ours, _machine, _starved,
    _before,
)  # fmt: skip


def _times(step: Step) -> str:
    words = []
    if step.requests.offered:
        words.append(
            f"pages: 99 of 100 within {_ms(step.page_p99)}, "
            f"{step.requests.bad} of {step.requests.offered} failed"
        )
    if step.acts.offered:
        words.append(
            f"signatures: 99 of 100 within {_ms(step.act_p99)}, "
            f"{step.acts.bad} of {step.acts.offered} failed"
        )
    return "; ".join(words)


def _door_words(seen: _Seen) -> str:
    if seen.door is None:
        return "intake's own use of the processor cannot be seen from here"
    return f"intake used {seen.door:.0%} of a core"


def _answer_words(seen: _Seen) -> str:
    if seen.answer is None:
        return ""
    return f"asked directly, intake took up to {_ms(seen.answer)} to send the page"


def _disk_words(seen: _Seen) -> str:
    if seen.commit is None:
        return ""
    return f"the journal's disk took {_ms(seen.commit)} for each group"


def _count(seen: _Seen, code: str) -> str:
    return f"{seen.errors.get(code, 0)} answers: {CODES.get(code, code.replace('_', ' '))}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.0f} s"


CODES: Final = {
    "busy": "503, the door was busy and said so",
    "too_many": "429, too many from one network",
    "refused_pass": "403, the pass was refused",
    "timeout": "no answer within 20 s",
    "no_answer": "no answer before the step was over",
    "cut": "the connection was cut",
    "connect": "no connection",
    "no_port": "this machine had no port left",
    "crowded": "more than 12,000 were waiting at once",
    "garbled": "an answer that is no HTTP",
    "redirect": "led somewhere else, which a rehearsal does not follow",
}
