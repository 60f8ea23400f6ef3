"""Numbers and tables as a report writes them."""

from html import escape


def table(heads: tuple[str, ...], body: str) -> str:
    """A table; a head that begins with # is above numbers."""
    cells = "".join(
        f"<th class=n>{head[1:]}</th>" if head.startswith("#") else f"<th>{head}</th>"
        for head in heads
    )
    return f"<div class='card scroll' tabindex=0><table><tr>{cells}</tr>{body}</table></div>"


def tile(label: str, value: str, note: str) -> str:
    return f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd><p>{escape(note)}</p></div>"


def number(value: float) -> str:
    return f"{value:,.1f}" if value < 10 else f"{value:,.0f}"


def rate(value: float, *, more: bool, broke_at: float | None = None) -> str:
    """What was carried; `broke_at` is what was too much, for when nothing was carried."""
    if not value and broke_at:
        return f"under {number(broke_at)}"
    return f"{number(value)}{' or more' if more and value else ''}"


def nodes(wanted: int) -> str:
    return str(wanted) if wanted else "none would do: it carried nothing"


def short_time(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.0f} s"


def long_time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:,.1f} hours"
