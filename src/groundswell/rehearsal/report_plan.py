"""The report's plan: what the scenario asks for, in sentences; and how to read the report."""

from html import escape

from groundswell.rehearsal.plan import HEADROOM, PATIENT_MINUTES
from groundswell.rehearsal.report_words import long_time, nodes, number, short_time
from groundswell.rehearsal.result import Result
from groundswell.rehearsal.run import MAX_ACT, MAX_ERRORS, MAX_PAGE


def planned(result: Result) -> str:
    """What is needed for the scenario, point by point."""
    points = [_peak(result), _nodes(result), _cdn(result), _mail(result), _drain(result)]
    return f"<div class=card><ol class=plan>{''.join(points)}</ol></div>"


def _peak(result: Result) -> str:
    need = result.findings.need
    return _item(
        f"The peak asks for {number(need.visitors)} visitors, {number(need.requests)} requests and "
        f"{number(need.acts)} signatures a second.",
        f"All in all {need.gigabytes:,.1f} GB of pages and pictures.",
    )


def _nodes(result: Result) -> str:
    need, carried = result.findings.need, result.findings.carried
    return _item(
        f"Intake nodes like this one: {nodes(need.nodes_alone)} alone, "
        f"{nodes(need.nodes_behind_cdn)} behind a CDN.",
        f"With room for {HEADROOM:g} times the peak. One node carried "
        f"{number(carried.visitors)} visitors with all they load, or {number(carried.acts)} "
        "signatures a second.",
    )


def _cdn(result: Result) -> str:
    need = result.findings.need
    return _item(
        f"A CDN takes {need.cdn_share:.1%} of the requests: {number(need.cdn_requests)} a second, "
        f"{need.cdn_mbit:,.0f} Mbit/s at the peak.",
        "Every public page says how long it may be kept; each of the CDN's places asks about once "
        "in ten seconds. What is left for the door are the signatures.",
    )


def _mail(result: Result) -> str:
    mail = result.findings.mail
    if mail.longest_queue < 1:
        return _item(
            f"Mails: {number(mail.number)} in all, and at {mail.rate:g} a second none has to wait.",
            f"So that nobody waits more than {PATIENT_MINUTES:g} minutes, the provider must take "
            f"{mail.wanted_rate:,.1f} a second.",
        )
    return _item(
        f"Mails: {number(mail.number)} in all. At {mail.rate:g} a second the queue grows to "
        f"{number(mail.longest_queue)}, and whoever signs waits up to "
        f"{long_time(mail.longest_wait)}.",
        f"The queue is empty {long_time(mail.empty_after)} after the post. So that nobody waits "
        f"more than {PATIENT_MINUTES:g} minutes, the provider must take "
        f"{mail.wanted_rate:,.1f} a second: ask for that, then set mail_per_second.",
    )


def _drain(result: Result) -> str:
    stored, acts = result.findings.drain_rate, result.findings.need.acts
    brings = f"the peak brings {number(acts)}"
    if stored is None:
        words = "How fast core stores what arrived could not be seen from here."
    elif stored >= acts:
        words = f"Core keeps up: it was seen to store {number(stored)} rows a second, {brings}."
    else:
        words = f"Core was seen to store {number(stored)} rows a second at most; {brings}."
    return _item(
        words, "If it falls behind, numbers and mails come later; nothing is lost meanwhile."
    )


def notes(result: Result) -> str:
    """How the numbers came about and what they do not say."""
    tale = result.tale
    return "".join(
        (
            _note(
                f"The surge played the {tale.scenario.curve.crest / 60:,.0f} minutes around the "
                f"peak, {tale.compress:,.0f} times compressed and at {tale.scale:g} times its true "
                f"rates, from {tale.processes} process(es) on {result.cpus} core(s): fewer "
                "visitors in all, but every second as hard as it would be. The stairs then double "
                "the rate until something breaks."
            ),
            _note(
                "Each time is from the moment a visitor meant to ask, not from when a busy server "
                "took the question: a stall shows the wait of everybody who came meanwhile."
            ),
            _note(
                f"Carried means: at most {MAX_ERRORS:.0%} failed, 99 of 100 pages within "
                f"{short_time(MAX_PAGE)} and 99 of 100 thank-yous within {short_time(MAX_ACT)}."
            ),
            _note(_sight(tale.sees_the_door)),
            _note(
                "Not rehearsed: confirming, withdrawing, and mails. Rehearsed signatures are "
                "opened, sealed and stored as real ones, but make no mail, no consent and no sum, "
                "so core has somewhat more to do with real ones."
            ),
        )
    )


def _sight(sees_the_door: bool) -> str:
    if sees_the_door:
        return "Intake's own numbers and this machine's were read twice a second."
    return (
        "Intake's own numbers could not be read from here, so the verdict rests on what visitors "
        "saw. Rehearse on intake's machine to know more."
    )


def _item(title: str, text: str) -> str:
    return f"<li><b>{escape(title)}</b><p>{escape(text)}</p></li>"


def _note(text: str) -> str:
    return f"<p class=note>{escape(text)}</p>"
