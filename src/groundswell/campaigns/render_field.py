"""One field of a form, as its template sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One field as the form shows it. `widget` picks its template."""

    name: str
    widget: str
    label: str
    required: bool
    hint: str = ""
    input_type: str = "text"
    autocomplete: str = "off"
    inputmode: str = ""
    options: tuple[tuple[str, str], ...] = ()
    lookup: str = ""
    kinds: str = ""
