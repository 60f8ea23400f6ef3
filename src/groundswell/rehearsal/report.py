"""The report of a rehearsal as one HTML file: no script, nothing from elsewhere, fit to print."""

from collections.abc import Iterable
from html import escape
from importlib import resources

from groundswell.rehearsal.diagnosis import CODES, Verdict
from groundswell.rehearsal.measure import KINDS
from groundswell.rehearsal.report_plan import notes, planned
from groundswell.rehearsal.report_plots import mail_plot, plots
from groundswell.rehearsal.report_words import number, rate, short_time, table, tile
from groundswell.rehearsal.result import Arrival, Result
from groundswell.rehearsal.run import MAX_ACT, MAX_PAGE, Step

_KINDS = {
    "page": "the action page",
    "asset": "its script and pictures",
    "count": "the count",
    "act": "signatures",
}
_PHASES = {"surge": "the surge", "whole": "stairs: everything", "acts": "stairs: signing alone"}


def page(result: Result) -> str:
    """The whole report."""
    style = resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    title = f"Rehearsal: {result.tale.scenario.title}"
    parts = [
        _head(result),
        "<h2>What breaks first</h2>",
        _verdict(result.findings.first),
        _others(result),
        "<h2>How it went</h2>",
        f"<div class=two>{plots(result)}</div>",
        "<h2>What went wrong, by kind</h2>",
        _errors(result),
        "<h2>What the installation can carry</h2>",
        _steps(result),
        "<h2>The plan</h2>",
        planned(result),
        f"<div class='two more'>{mail_plot(result)}</div>",
        "<h2>The scenario and its sources</h2>",
        _sources(result),
        "<h2>How to read this</h2>",
        notes(result),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>"
        f"{''.join(parts)}<footer>Made by groundswell rehearse · run {escape(result.run)} · "
        "the same numbers are in report.json</footer></main></body></html>\n"
    )


def _head(result: Result) -> str:
    tale, findings = result.tale, result.findings
    scenario = tale.scenario
    good = findings.borne and (result.arrival.complete or not result.arrival.checked)
    said = "The surge was borne." if findings.borne else "The surge was not borne."
    if tale.stopped:
        said = f"Stopped before its end. {said}"
    return (
        f"<p class=kicker>Rehearsal of {escape(result.when)} against {escape(result.target)}"
        f"{escape(result.page)}</p><h1>{escape(scenario.title)}</h1>"
        f"<p class=lead>{escape(scenario.about)}</p>"
        f"<div class='card verdict{'' if good else ' bad'}'><span class=mark>"
        f"{'✓ It held' if good else '✗ It did not hold'}</span><strong>{said}</strong>"
        f"<span>{escape(_arrived(result.arrival))}</span></div>{_key_numbers(result)}"
    )


def _key_numbers(result: Result) -> str:
    tale, carried = result.tale, result.findings.carried
    surge, acts = tale.steps[0], tale.grid.sum(("act",))
    rows = [
        tile("Visitors at the peak", number(surge.rate), "a second, as they were played"),
        tile("Requests", number(surge.requests.offered), f"{surge.requests.bad:,} of them failed"),
        tile("Signatures acknowledged", number(acts.good), f"in all; {tale.gave_up:,} gave up"),
        tile("A page, 99 of 100", short_time(surge.page_p99), f"limit {short_time(MAX_PAGE)}"),
        tile("A thank-you, 99 of 100", short_time(surge.act_p99), f"limit {short_time(MAX_ACT)}"),
        tile(
            "Carries",
            rate(carried.visitors, more=carried.more_visitors, broke_at=carried.broke_at),
            "visitors a second",
        ),
    ]
    return f"<dl class=tiles>{''.join(rows)}</dl>"


def _arrived(arrival: Arrival) -> str:
    if not arrival.checked:
        return (
            f"{arrival.acknowledged:,} submissions were acknowledged. Whether they arrived was not "
            "checked: `groundswell rehearse check ids.json`, where the database is, does that."
        )
    if arrival.missing:
        return (
            f"{len(arrival.missing):,} of {arrival.acknowledged:,} acknowledged submissions had "
            f"not arrived {arrival.seconds:.0f} s after the end. The first: {arrival.missing[0]}."
        )
    return (
        f"Acknowledged: {arrival.acknowledged:,}. Arrived in the database: all of them, "
        f"{arrival.seconds:.0f} s after the end at the latest. Counted: none."
    )


def _verdict(verdict: Verdict) -> str:
    seen = "".join(f"<li>{escape(one)}</li>" for one in verdict.seen if one)
    return (
        f"<div class=card><h3>{escape(verdict.title)}</h3><ul class=seen>{seen}</ul>"
        f"<p>{escape(verdict.helps)}</p></div>"
    )


def _others(result: Result) -> str:
    """The limits of the phases, when they say more than the first verdict."""
    remarks = "".join(f"<li>{escape(one)}</li>" for one in result.findings.notices)
    noticed = f"<div class='card more'><ul class=seen>{remarks}</ul></div>" if remarks else ""
    rows = [
        (_PHASES[phase], verdict.title)
        for phase, verdict in result.findings.phases.items()
        if verdict != result.findings.first
    ]
    if not rows:
        return noticed
    body = "".join(f"<tr><td>{escape(a)}</td><td>{escape(b)}</td></tr>" for a, b in rows)
    return noticed + (
        "<div class='card more'><table><tr><th>Also</th><th>the limit was</th>"
        f"</tr>{body}</table></div>"
    )


def _errors(result: Result) -> str:
    rows = []
    for step_name, steps in _by_phase(result.tale.steps):
        for kind in KINDS:
            cells = [
                result.tale.grid.sum((kind,), since=step.since, until=step.until) for step in steps
            ]
            codes = {code for cell in cells for code in cell.errors}
            offered = sum(cell.offered for cell in cells)
            for code in sorted(codes):
                times = sum(cell.errors.get(code, 0) for cell in cells)
                rows.append((step_name, _KINDS[kind], CODES.get(code, code), times, offered))
    if not rows:
        return "<div class=card><p>Nothing. Every request got the answer it should get.</p></div>"
    body = "".join(
        f"<tr><td>{escape(where)}</td><td>{escape(kind)}</td><td>{escape(words)}</td>"
        f"<td class=n>{times:,}</td><td class=n>{times / max(1, offered):.1%}</td></tr>"
        for where, kind, words, times, offered in rows
    )
    return table(("When", "What", "What went wrong", "#Times", "#Share"), body)


def _steps(result: Result) -> str:
    carried = result.findings.carried
    body = "".join(_step(step) for step in result.tale.steps)
    visitors = rate(carried.visitors, more=carried.more_visitors, broke_at=carried.broke_at)
    return (
        "<dl class='tiles first'>"
        + tile("Visitors a second", visitors,
                f"{number(carried.requests)} requests and {number(carried.acts_among)} signatures")
        + tile("Signatures a second", rate(carried.acts, more=carried.more_acts),
                "when a CDN answers for the pages")
        + tile("Rows a second", "–" if result.findings.drain_rate is None
                else number(result.findings.drain_rate), "seen to arrive in the database, at best")
        + "</dl>"
        + table(
            ("Phase", "#Rate /s", "#Requests", "#Signatures", "#Failed", "#Page p99",
             "#Thanks p99", "Carried"), body
        )
    )  # fmt: skip


def _step(step: Step) -> str:
    word, style = ("yes", "ok") if step.carried else ("no", "no")
    if step.repeated:
        word, style = "once more, to be sure", "soft"
    elif step.is_ours:
        word, style = f"{word}; we were late ourselves", "soft"
    return (
        f"<tr><td>{_PHASES[step.phase]}</td><td class=n>{number(step.rate)}</td>"
        f"<td class=n>{step.requests.offered:,}</td><td class=n>{step.acts.offered:,}</td>"
        f"<td class=n>{step.errors:.1%}</td>"
        f"<td class=n>{short_time(step.page_p99) if step.requests.good else '–'}</td>"
        f"<td class=n>{short_time(step.act_p99) if step.acts.good else '–'}</td>"
        f"<td class={style}>{word}</td></tr>"
    )


def _sources(result: Result) -> str:
    scenario = result.tale.scenario
    rows = []
    for name in ("followers", "click_share", "minutes_to_peak", "minutes_to_half", "hours",
                 "act_share", "watch_share", "think_seconds", "watch_minutes"):  # fmt: skip
        figure = getattr(scenario, name)
        rows.append((name.replace("_", " "), _figure(figure.value), figure.source))
    for name in ("languages", "devices"):
        mix = getattr(scenario, name)
        words = ", ".join(f"{key} {share:.0%}" for key, share in mix.value.items())
        rows.append((name, words, mix.source))
    body = "".join(
        f"<tr><td>{escape(a)}</td><td class=n>{escape(b)}</td><td>{escape(c)}</td></tr>"
        for a, b, c in rows
    )
    return table(("Figure", "#Value", "Where it is from"), body)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def _by_phase(steps: list[Step]) -> Iterable[tuple[str, list[Step]]]:
    for phase, words in _PHASES.items():
        found = [step for step in steps if step.phase == phase]
        if found:
            yield words, found
