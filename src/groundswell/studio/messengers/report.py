"""A report on one messenger's links: what they brought, in words, a curve and tables, and what
nobody can know. The same for the page, the PDF and the picture, so that no two of them differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.base import clock, env
from groundswell.campaigns import moments
from groundswell.delivery.pdf import drawing
from groundswell.messengers import forecast, queries_effect
from groundswell.messengers.cards import card, draw
from groundswell.messengers.effect import Effect, Part, Sums, total
from groundswell.messengers.models import Messenger
from groundswell.studio.home import names
from groundswell.studio.messengers import curves, effect_words

SHEETS: Final = Path(__file__).parent / "sheets"
PICTURE: Final = 1080
_DAY: Final = timedelta(days=1)
_STEP: Final = timedelta(minutes=10)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_TABLE_ROWS: Final = 250  # every country there is
_COLOURS: Final = {"visits": "#0f7a6c", "expected": "#c2610c"}


@dataclass(frozen=True)
class Table:
    """What came, divided by one thing. `rows` are (words, code, sums), the largest first."""

    title: str
    column: str
    rows: list[tuple[str, str, Sums]]
    top: int


@dataclass(frozen=True)
class Report:
    """All that a report says. `claim` is the sentence that sums it up; "" while nothing came."""

    who: str
    campaign: str
    claim: str
    effect: Effect
    big: list[tuple[str, str]]
    chart: curves.Chart | None
    chart_words: str
    expected: float
    tables: list[Table]
    unknown: list[str]
    when: str
    zone: str


def make(messenger: Messenger | None, campaign_key: UUID, *, campaign: str) -> Report:
    """The report as of now, in the organiser's language."""
    effect = queries_effect.effect(messenger, campaign_key)
    who = messenger.name if messenger else ""
    since, step = _since(messenger, campaign_key, effect)
    chart, expected = _chart(messenger, campaign_key, since, step) if since else (None, 0.0)
    return Report(
        who=effect_words.owner(who),
        campaign=campaign,
        claim=claim(who, effect),
        effect=effect,
        big=_big(effect),
        chart=chart,
        chart_words=_chart_words(since, step) if since else "",
        expected=expected,
        tables=_tables(effect),
        unknown=unknown(effect),
        when=moment(effect.as_of),
        zone=env.load().time_zone,
    )


def pdf(report: Report) -> bytes:
    """The report on A4, as PDF/UA. Raises CannotDraw where no font here has its letters."""
    return drawing.pdf("report", _sheet(report), folder=SHEETS)


def picture(report: Report) -> bytes:
    """A square PNG to share, without anything that was not said to the messenger. Raises
    CannotDraw as `pdf`.
    """
    language = _language()
    data = {
        "lang": language,
        "fonts": card.families(language, serif=False),
        "who": report.who,
        "campaign": report.campaign,
        "big": report.big,
        "when": _("As of %(when)s (%(zone)s)") % {"when": report.when, "zone": report.zone},
    }
    return draw.png("report_picture", data, PICTURE, PICTURE, folder=SHEETS)


def claim(who: str, effect: Effect) -> str:
    """What the links brought, in one sentence; "" while nothing came."""
    if not any(effect.sums):
        return ""
    parts = [_counted(number, _visits_word(number)) for number in [effect.sums.visits] if number]
    acted = effect_words.by_kind(effect.acted)
    parts += [
        _counted(number, effect_words.acted(kind, number)) for kind, number in acted if number
    ]
    if not parts:
        return ""
    values = {
        "who": who or _("The campaign's own links"),
        "what": format_list(parts, locale=names.locale()),
        "countries": effect.countries_known,
    }
    if not effect.countries_known:
        return _("%(who)s brought %(what)s.") % values
    return (
        ngettext(
            "%(who)s brought %(what)s, from %(countries)s country.",
            "%(who)s brought %(what)s, from %(countries)s countries.",
            effect.countries_known,
        )
        % values
    )


def unknown(effect: Effect) -> list[str]:
    """What these numbers do not say, in sentences."""
    found = [
        _(
            "A visit is an opening of the link, not a person. Nobody is followed, so one person who"
            " comes twice is two visits, and how many people saw the post is not known."
        ),
        _(
            "Robots that draw a link's picture are left out as far as they say what they are:"
            " %(number)s openings were theirs. One that says it is a browser is counted."
        )
        % {"number": number(effect.sums.previews)},
        _country_words(effect.known_share),
        _(
            "Whoever saw the post and came later without the link – by a search, by a friend's"
            " message – is counted, but not here."
        ),
        _(
            "Confirmations still come in; signatures and letters that are withdrawn or erased are"
            " taken off again."
        ),
    ]
    if effect.first and effect.first < effect.as_of - moments.KEPT:
        found.append(
            _("What is older than two weeks is known by the hour, no longer by the minute.")
        )
    found.append(
        _(
            "If the public door is stopped by force, the visits of its last half second are lost;"
            " never an action."
        )
    )
    return found


def number(value: int) -> str:
    """1234567 as the organiser's language writes it."""
    return str(format_decimal(value, locale=names.locale()))


def moment(at: datetime) -> str:
    """A moment in the organisers' time zone, in words."""
    zone = ZoneInfo(env.load().time_zone)
    return str(format_datetime(at, "d MMM y, HH:mm", tzinfo=zone, locale=names.locale()))


def _big(effect: Effect) -> list[tuple[str, str]]:
    """The numbers that stand large: visits, each kind of action, countries."""
    rows = [(number(effect.sums.visits), _visits_word(effect.sums.visits))]
    for kind, count in effect_words.by_kind(effect.acted):
        rows.append((number(count), effect_words.acted(kind, count)))
    if effect.countries_known:
        count = effect.countries_known
        rows.append((number(count), ngettext("country", "countries", count)))
    return rows[:5]


def _visits_word(count: int) -> str:
    return ngettext("visit", "visits", count)


def _counted(count: int, word: str) -> str:
    return f"{number(count)} {word}"


def _country_words(share: float) -> str:
    if not share:
        return _("From which countries they came is not known: nothing here tells it.")
    percent = format_percent(int(share * 100) / 100, locale=names.locale())
    return _(
        "The country is known for %(share)s of visits and actions, as the network in front of the"
        " public door or the form told it; the rest may be from anywhere."
    ) % {"share": percent}


def _tables(effect: Effect) -> list[Table]:
    whole: tuple[tuple[str, str, Sequence[Part], Any], ...] = (
        (_("By network"), _("Network"), effect.networks, effect_words.network),
        (_("By language"), _("Language"), effect.languages, effect_words.language),
        (_("By link"), _("Link"), effect.links, lambda code: f"/k/{code}"),
        (_("By country"), _("Country"), effect.countries, effect_words.country),
    )
    return [
        Table(
            title,
            column,
            [(words(part.value), part.value, part.sums) for part in parts[:_TABLE_ROWS]],
            max((part.sums.visits for part in parts), default=0),
        )
        for title, column, parts, words in whole
    ]


def _since(
    messenger: Messenger | None, campaign_key: UUID, effect: Effect
) -> tuple[datetime | None, timedelta]:
    """Where the curve begins, and how wide its steps are: at the first post, else at what came
    first, to the hour where minutes are no longer kept.
    """
    if effect.first is None:
        return None, _STEP
    posted = messenger.posts.filter(campaign_key=campaign_key).order_by("at") if messenger else None
    post = posted.first() if posted is not None else None
    at = moments.minute(post.at) if post else effect.first
    # A post recorded with a wrong date must not hide what did come.
    at = at if at <= effect.first + _DAY and at + _DAY > effect.first else effect.first
    if at < effect.as_of - moments.KEPT:
        return at.replace(minute=0), _HOUR
    gone = effect.as_of - at
    return at, _MINUTE if gone < _HOUR else 5 * _MINUTE if gone < 6 * _HOUR else _STEP


def _length(step: timedelta) -> timedelta:
    """How much of the first day a curve with these steps shows."""
    return {_MINUTE: _HOUR, 5 * _MINUTE: 6 * _HOUR}.get(step, _DAY)


def _chart(
    messenger: Messenger | None, campaign_key: UUID, since: datetime, step: timedelta
) -> tuple[curves.Chart, float]:
    """The first hours, in steps; and how many visits they were to bring until now."""
    now, until = clock.now(), since + _length(step)
    codes = queries_effect.codes(messenger, campaign_key)
    times = [since + n * step for n in range((until - since) // step)]
    visits = [0] * len(times)
    for at, sums in queries_effect.minutes(codes, since=since, until=until):
        visits[(at - since) // step] += sums.visits
    starts = [one for one in forecast.starts(campaign_key, since=since, until=until) if one.made]
    mine = [one for one in starts if messenger and one.messenger == messenger.name]
    inside = [timedelta(minutes=n) for n in range(step // _MINUTE)]
    expected = [sum(forecast.visits(mine, [at + one for one in inside])) for at in times]
    over = sum(1 for at in times if at + step <= now) or 1
    series: list[tuple[str, Sequence[float]]] = [("visits", visits[:over])]
    if any(expected):
        series.append(("expected", expected))
    marks = [(one.at, effect_words.network(one.network)) for one in mine]
    zone = ZoneInfo(env.load().time_zone)
    return curves.draw(series, times=times, marks=marks, zone=zone), sum(expected[:over])


def _chart_words(since: datetime, step: timedelta) -> str:
    words = {
        _HOUR: _("Visits on the first day from %(since)s, by the hour"),
        _STEP: _("Visits on the first day from %(since)s, in steps of ten minutes"),
        _MINUTE: _("Visits in the first hour from %(since)s, by the minute"),
    }
    usual = _("Visits in the first six hours from %(since)s, in steps of five minutes")
    return words.get(step, usual) % {"since": moment(since)}


def _sheet(report: Report) -> dict[str, Any]:
    language = _language()
    chart = report.chart
    return {
        "lang": language,
        "fonts": drawing.families(language),
        "title": _("What %(who)s brought") % {"who": report.who},
        "campaign": report.campaign,
        "claim": report.claim or _("Nothing came through these links yet."),
        "big": report.big,
        "when": _("As of %(when)s (%(zone)s)") % {"when": report.when, "zone": report.zone},
        "plot": curves.svg(chart, _COLOURS) if chart else "",
        "plot_title": report.chart_words,
        "plot_legend": _legend(report),
        "ticks": [number(value) for value, _y in chart.ticks] if chart else [],
        "labels": chart.labels if chart else [],
        "columns": [_("Visits"), _("Actions"), _("Confirmed")],
        "tables": [
            {
                "title": table.title,
                "column": table.column,
                "rows": [
                    [words, *map(number, (sums.visits, sums.collected, sums.confirmed))]
                    for words, _code, sums in table.rows
                ],
            }
            for table in report.tables
            if table.rows
        ],
        "unknown_title": _("What cannot be known"),
        "unknown": report.unknown,
    }


def _language() -> str:
    """The organiser's language without its country, as typst and the fonts know it."""
    return (get_language() or "en").split("-", maxsplit=1)[0]


def _legend(report: Report) -> list[tuple[str, str]]:
    found = [(_("Visits"), _COLOURS["visits"])]
    if report.expected:
        found.append((_("Expected"), _COLOURS["expected"]))
    return found


def whole(effects: Sequence[tuple[Messenger | None, Effect]]) -> Sums:
    """All messengers together."""
    return total(effect.sums for _owner, effect in effects)
