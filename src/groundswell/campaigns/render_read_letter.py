"""An open letter's page to a view: its texts, whom it goes to and who signed it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from groundswell.campaigns import (
    counters,
    letter_diff,
    letter_names,
    letter_texts,
    reach,
    render_read_reach,
    signatories,
)
from groundswell.campaigns.models_open_letter import OpenLetterPage, TextRevision
from groundswell.campaigns.render import plain
from groundswell.campaigns.render_letter_views import (
    GroupView,
    NameView,
    OpenLetterView,
    PersonView,
    PressView,
    ToldView,
    VersionView,
)
from groundswell.campaigns.render_media import PRESS, Pictures
from groundswell.campaigns.render_views import NO_HTML, Picture
from groundswell.campaigns.signatories import FirstView

LATEST: Final = 12
# The side of a portrait in pixels, as it is drawn: the picture itself may be larger.
PORTRAIT: Final = 96


def open_letter(page: OpenLetterPage, shared: dict[str, Any], pictures: Pictures) -> OpenLetterView:
    """An open letter in one language. `shared` is what every action page has."""
    texts = letter_texts.revisions(page_key=page.page_key, language=page.language)
    firsts = signatories.first(page.page_key)
    signed = signed_texts(page)
    standing = letter_texts.standing(page_key=page.page_key)
    told = letter_texts.tell(standing, signed | _added(signed, first_texts(firsts)))
    here = _seen_from(texts, standing)
    latest = letter_names.latest(page_key=page.page_key, limit=LATEST)
    return OpenLetterView(
        **shared | {"text": letter_texts.html(page)},
        targets=tuple(render_read_reach.target(one) for one in reach.chosen(page)),
        groups=_groups(firsts, pictures, here),
        latest=tuple(_marked(one, here) for one in latest),
        named=letter_names.pulse(page_key=page.page_key).shown,
        versions=tuple(reversed(list(_versions(texts, firsts, signed)))),
        told=ToldView(**told),
        press=_press(page, pictures),
        embed=page.allow_embed,
        texts=tuple(str(one.number) for one in texts) or ("1",),
    )


def _seen_from(
    texts: Sequence[TextRevision], standing: letter_texts.Standings
) -> letter_texts.Standings:
    """How each signature stands to the text on this page: in a language that lags behind a new
    text, who signed the old one signed what stands there, and who signed the new one did not.
    """
    own = texts[-1] if texts else None
    if own is None or standing.get((own.language, own.number)) != "earlier":
        return standing
    languages = {language for language, _number in standing}
    then = letter_texts.standing(
        page_key=own.page_key, revisions_then=dict.fromkeys(languages, own.number)
    )
    return {signed: then.get(signed, "earlier") for signed in standing}


def signed_texts(page: OpenLetterPage) -> dict[letter_texts.Signed, int]:
    """How many of the public signed which (language, number); those that count."""
    found = counters.by(page_key=page.page_key, dimension="text")
    return {letter_texts.signed(one.value): one.confirmed for one in found if one.confirmed}


def first_texts(firsts: Iterable[FirstView]) -> dict[letter_texts.Signed, int]:
    """How many first signatories signed which (language, number)."""
    found: dict[letter_texts.Signed, int] = {}
    for one in firsts:
        key = (one.language, one.revision)
        found[key] = found.get(key, 0) + 1
    return found


def _added(
    one: dict[letter_texts.Signed, int], other: dict[letter_texts.Signed, int]
) -> dict[letter_texts.Signed, int]:
    return {key: one.get(key, 0) + number for key, number in other.items()}


def _marked(one: NameView, standing: letter_texts.Standings) -> NameView:
    """The name with the text that was signed only where the letter says something else by now."""
    signed = (one.language, one.version or 0)
    return one if standing.get(signed) == "earlier" else replace(one, version=None)


def _groups(
    firsts: Iterable[FirstView], pictures: Pictures, standing: letter_texts.Standings
) -> tuple[GroupView, ...]:
    """Those in no group, then groups in the order of their first members; the organiser's order
    within each.
    """
    order = {
        title: place for place, title in reversed(list(enumerate(one.group for one in firsts)))
    }
    ranked = sorted(firsts, key=lambda one: order[one.group] if one.group else -1)
    return tuple(
        GroupView(plain(title), tuple(_person(one, pictures, standing) for one in people))
        for title, people in groupby(ranked, key=lambda one: one.group)
    )


def _person(one: FirstView, pictures: Pictures, standing: letter_texts.Standings) -> PersonView:
    earlier = standing.get((one.language, one.revision)) == "earlier"
    return PersonView(
        name=plain(one.name),
        role=plain(one.role),
        affiliation=plain(one.affiliation),
        picture=_portrait(one, pictures.stored),
        version=one.revision if earlier else None,
    )


def _portrait(one: FirstView, stored: Callable[[str, bytes], str]) -> Picture | None:
    if not one.picture:
        return None
    src = stored(one.picture_name, one.picture)
    return Picture(src=src, width=PORTRAIT, height=PORTRAIT, alt=plain(one.alt))


def _versions(
    texts: list[TextRevision], firsts: list[FirstView], signed: dict[letter_texts.Signed, int]
) -> Iterable[VersionView]:
    before: TextRevision | None = None
    for one in texts:
        yield VersionView(
            number=one.number,
            at=one.published_at,
            title=one.title,
            html=_safe(one.html),
            note=one.note,
            small=one.small,
            current=one is texts[-1],
            before=before.number if before else None,
            changes=_changes(before, one) if before else NO_HTML,
            signed=signed.get((one.language, one.number), 0),
            people=tuple(
                plain(first.name)
                for first in firsts
                if (first.language, first.revision) == (one.language, one.number)
            ),
        )
        before = one


def _changes(before: TextRevision, after: TextRevision) -> SafeString:
    return letter_diff.changes(_whole(before), _whole(after))


def _whole(one: TextRevision) -> str:
    """A text with its title, which is signed too."""
    return f"<h2>{escape(one.title)}</h2>{one.html}"


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  cleaned before it was stored: see letter_texts.html


def _press(page: OpenLetterPage, pictures: Pictures) -> PressView:
    found = [
        (pictures.one(row.image, PRESS, alt=plain(row.shows)), plain(row.credit))
        for row in page.press_pictures.all()
        if row.image
    ]
    return PressView(
        facts=_lines(page.press_facts), contact=_lines(page.press_contact), pictures=tuple(found)
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for each in text.splitlines() if (line := plain(each)))
