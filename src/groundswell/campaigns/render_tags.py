"""Template tags of the public pages: numbers, dates, slots, plural words."""

import re
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_time,
    get_datetime_format,
    get_day_names,
    get_timezone,
    get_timezone_name,
)
from babel.numbers import format_decimal
from django import template
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from groundswell.base import env
from groundswell.campaigns import render
from groundswell.campaigns.render_views import TallyView

register = template.Library()
_DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY: Final = re.compile(r"\b(?:" + "|".join(_DAYS) + r")\b")
_SAMPLES: Final = (0, 1, 2, 3, 11, 100, 1_000_000)


def number(value: int, lang: str) -> str:
    """A number as `Intl.NumberFormat(lang, {useGrouping: "always"})` writes it in the browser."""
    return format_decimal(value, locale=Locale.parse(lang, sep="-"))


def plural_category(value: int, lang: str) -> str:
    """CLDR's plural category, the same as the browser's `Intl.PluralRules`."""
    return str(Locale.parse(lang, sep="-").plural_form(value))


def plural_words(one: str, many: str, lang: str) -> dict[str, str]:
    """The words after a number, by plural category, for each category the language has."""
    with translation.override(lang):
        return {
            plural_category(sample, lang): translation.ngettext(one, many, sample)
            for sample in _SAMPLES
        }


@register.filter(name="number")
def number_filter(value: int) -> str:
    """A number as the page's language writes it."""
    return number(value, translation.get_language() or "en")


@register.filter
def moment(value: datetime) -> str:
    """A day and time in the page's language and the organisers' time zone, which is named."""
    zone = ZoneInfo(env.load().time_zone)
    lang = Locale.parse(translation.get_language() or "en", sep="-")
    if lang.language == "en" and not lang.territory:
        lang = Locale("en", "GB")
    local = value.astimezone(zone)
    zone_name = get_timezone_name(local, "short", locale=lang)
    time = f"{format_time(local, 'short', locale=lang)} {zone_name}"
    day = format_date(local, "long", locale=lang)
    return str(get_datetime_format("medium", locale=lang)).replace("{0}", time).replace("{1}", day)


@register.filter
def day(value: datetime) -> str:
    """A day in the page's language, as it was where the organisers are."""
    lang = Locale.parse(translation.get_language() or "en", sep="-")
    if lang.language == "en" and not lang.territory:
        lang = Locale("en", "GB")
    return format_date(value.astimezone(ZoneInfo(env.load().time_zone)), "long", locale=lang)


@register.filter
def dial(phone: str) -> str:
    """A telephone number as a `tel:` link has it: digits and a plus, an extension after a comma."""
    number, _, extension = phone.lower().partition("x")
    digits = "".join(one for one in number if one.isdigit())
    plus = "+" if number.strip().startswith("+") else ""
    inner = "".join(one for one in extension if one.isdigit())
    return f"{plus}{digits}" + (f",{inner}" if inner else "")


@register.filter
def opening_hours(hours: str, zone: str = "") -> str:
    """Hours such as `Mo-Fr 09:00-17:00` in the page's language, with their time zone's name."""
    lang = Locale.parse(translation.get_language() or "en", sep="-")
    names = get_day_names("abbreviated", locale=lang)
    days = {code: names[number] for number, code in enumerate(_DAYS)}
    text = _DAY.sub(lambda found: days[found[0]], hours).replace("-", "–")
    if not zone:
        return text
    name = get_timezone_name(get_timezone(zone), "long", locale=lang, zone_variant="generic")
    return f"{text} ({name})"


@register.filter
def words(text: str) -> str:
    """Marked words in the page's language."""
    return translation.gettext(text) if text else ""


@register.simple_tag
def say(text: str, **values: Any) -> str:
    """Marked words with values put in: `{% say kind.words.confirm title=action.title %}`."""
    return translation.gettext(text) % values


@register.simple_tag
def slot(*parts: Any) -> SafeString:
    """The mark where intake puts something: `{% slot "value" field.name %}`."""
    name = "{}:{}".format(*parts[:2]) if len(parts) > 1 else str(parts[0])
    if len(parts) > 2:
        name = f"{name}={parts[2]}"
    return mark_safe(render.slot(name))  # noqa: S308  names come from specs, not from visitors


@register.simple_tag
def unit(tally: TallyView) -> SafeString:
    """The words after the count, with those for every other number beside them."""
    lang = translation.get_language() or "en"
    forms = plural_words(tally.kind.unit_one, tally.kind.unit_many, lang)
    data = format_html_join("", ' data-{}="{}"', sorted(forms.items()))
    now = forms[plural_category(tally.counted, lang)]
    return format_html('<span data-unit="{}"{}>{}</span>', tally.page, data, now)
