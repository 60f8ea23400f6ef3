"""A wrong form comes back as the same page: values kept, each error at its field, no JavaScript.

A published refill page holds slots, each `\\x02name\\x03`; this fills them.
"""

import re
from collections.abc import Mapping
from html import escape
from typing import Final

from groundswell.base.errors import Refused

_SLOT: Final = re.compile("\x02([^\x02\x03]*)\x03")


def split_slots(page: str) -> tuple[str, ...]:
    """The page cut at its slots: text at even places, slot names at odd ones."""
    return tuple(_SLOT.split(page))


def fill(
    template: tuple[str, ...],
    *,
    values: Mapping[str, str],
    refused: Refused,
    messages: Mapping[str, str],
) -> str:
    """The page with what was sent and what is wrong with it."""
    words = _Words(messages, refused)
    parts = list(template)
    for at in range(1, len(parts), 2):
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
