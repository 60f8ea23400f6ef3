"""A wrong form comes back as the same page: values kept, each error at its field, no JavaScript.

A published refill page holds slots, each `\\x02name\\x03`; this fills them.
"""

import re
from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Final

from groundswell.base.errors import Choice, Refused
from groundswell.intake.lookup import Offer

_SLOT: Final = re.compile("\x02([^\x02\x03]*)\x03")
NO_OFFERS: Final[Mapping[str, Offer]] = MappingProxyType({})
_NUMBER: Final = re.compile(r"\+[0-9][0-9 ()-]{5,}[0-9]$")
RADIOS: Final = 8  # more than these stand in a list to open


def split_slots(page: str) -> tuple[str, ...]:
    """The page cut at its slots: text at even places, slot names at odd ones."""
    return tuple(_SLOT.split(page))


def fill(
    template: tuple[str, ...],
    *,
    values: Mapping[str, str],
    refused: Refused,
    messages: Mapping[str, str],
    offers: Mapping[str, Offer] = NO_OFFERS,
) -> str:
    """The page with what was sent, what is wrong with it, and what may be chosen."""
    words = _Words(messages, refused)
    parts = list(template)
    for at in range(1, len(parts), 2):
        kind, _, field = parts[at].partition(":")
        if kind in {"regions", "choices"}:
            offer = offers.get(field)
            parts[at] = _offered(kind, field, offer, words) if offer else ""
        else:
            parts[at] = _slot(parts[at], values, words)
    return "".join(parts)


class _Words:
    """The errors of one answer in the page's language, escaped."""

    def __init__(self, messages: Mapping[str, str], refused: Refused) -> None:
        self._labels = messages
        self.title = escape(messages.get("summary_title", ""))
        self.whole = "" if refused.fields else escape(messages.get(refused.code, refused.code))
        self.fields = {
            wrong.field: escape(
                messages.get(wrong.code, wrong.code).replace("{limit}", str(wrong.limit))
            )
            for wrong in reversed(refused.fields)
        }

    def word(self, name: str) -> str:
        """One of the page's own words, e.g. `place:choose`."""
        return escape(self._labels.get(name, ""))

    def summary(self) -> str:
        items = [
            f'<li><a href="#f-{escape(name)}">{self._label(name)}{text}</a></li>'
            for name, text in reversed(self.fields.items())
        ]
        if self.whole:
            items = [f"<li>{self.whole}</li>"]
        title = f"<h2>{self.title}</h2>" if self.title else ""
        return (
            f'<div class="summary" role="alert" tabindex="-1" autofocus id="summary">{title}'
            f"<ul>{''.join(items)}</ul></div>"
        )

    def _label(self, field: str) -> str:
        label = self._labels.get(f"label:{field}")
        return f"{escape(label)}: " if label else ""


def _slot(name: str, values: Mapping[str, str], words: _Words) -> str:
    kind, _, rest = name.partition(":")
    field, equals, option = rest.partition("=")
    sent = values.get(field, "")
    match kind:
        case "summary":
            filled = words.summary()
        case "value":
            filled = escape(sent)
        case "error":
            text = words.fields.get(field)
            filled = f'<p class="error">{text}</p>' if text else ""
        case "invalid":
            filled = ' aria-invalid="true"' if field in words.fields else ""
        case "checked":
            filled = " checked" if sent and (not equals or sent == option) else ""
        case "selected":
            filled = " selected" if sent and sent == option else ""
        case _:
            filled = ""
    return filled


def _offered(kind: str, field: str, offer: Offer, words: _Words) -> str:
    """What may be chosen, in the place for it: a list of regions, or people to choose among."""
    if (kind == "regions") != offer.regions:
        return ""
    note = f'<p class="note">{escape(offer.note)}</p>' if offer.note else ""
    if offer.regions or len(offer.choices) > RADIOS:
        return note + _list(field, offer, words)
    radios = [
        _radio(field, at, choice, offer.chosen) for at, choice in enumerate(offer.choices, start=1)
    ]
    return f'{note}<div class="ticks">{"".join(radios)}</div>'


def _list(field: str, offer: Offer, words: _Words) -> str:
    label = words.word("place:where" if offer.regions else "place:who")
    options = [
        f'<option value="{escape(one.value)}"{_if(one.value == offer.chosen, "selected")}>'
        f"{escape(one.label)}</option>"
        for one in offer.choices
    ]
    nothing = f'<option value="{escape(offer.region)}">{words.word("place:choose")}</option>'
    return (
        f'<label for="f-{escape(field)}-list">{label}</label>'
        f'<select name="{escape(field)}" id="f-{escape(field)}-list" '
        f'aria-describedby="error-{escape(field)}">{nothing}{"".join(options)}</select>'
    )


def _radio(field: str, at: int, choice: Choice, chosen: str) -> str:
    place = f"f-{escape(field)}-{at}"
    return (
        f'<div class="tick"><input type="radio" name="{escape(field)}" id="{place}" '
        f'value="{escape(choice.value)}"{_if(choice.value == chosen != "", "checked")}>'
        f'<label for="{place}">{_with_number(choice.label)}</label></div>'
    )


def _with_number(label: str) -> str:
    """A choice's words; a telephone number at their end can be tapped."""
    found = _NUMBER.search(label)
    if not found:
        return escape(label)
    number = found[0]
    digits = "+" + "".join(filter(str.isdecimal, number))
    return f'{escape(label[: found.start()])}<a href="tel:{digits}">{escape(number)}</a>'


def _if(true: bool, attribute: str) -> str:
    return f" {attribute}" if true else ""
