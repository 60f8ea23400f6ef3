"""Cards at the public door: drawn a few at a time, each replaced only when its next one is ready.

What is drawn lies in a scope of the manifest of its own, so no other publication takes it away.
"""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from PIL import Image

from groundswell.base import clock
from groundswell.campaigns import pack, publish_files, services
from groundswell.campaigns.models import Campaign
from groundswell.campaigns.publish_files import Published
from groundswell.delivery.pdf.drawing import CannotDraw
from groundswell.messengers.cards import card, robot_page, subject, wanted
from groundswell.messengers.cards import queries as cards
from groundswell.messengers.cards.draw import DoesNotFit
from groundswell.messengers.cards.wanted import Plan, Wanted
from groundswell.messengers.models import CardDesign, DrawnCard, TrackedLink

SCOPE: Final = "cards:"
SLICE: Final = 4  # so many pictures in one step: core has letters to send, too
_STORED: Final = (
    "campaign_key", "page_key", "language", "format", "messenger_key", "link_code", "fingerprint",
    "digest", "alt", "counted", "drawn_at", "gone_after", "trouble",
)  # fmt: skip
KEEP: Final = timedelta(days=7)


def refresh() -> int:
    """Bring the cards of all campaigns up to date, a few pictures at a time; returns how many.

    For core, every few seconds. A campaign that cannot be drawn at all holds up no other.
    """
    drawn = 0
    trouble: Exception | None = None
    for design in CardDesign.objects.order_by("changed_at", "id"):
        try:
            drawn += refresh_one(design, most=max(SLICE - drawn, 0))
        except Exception as error:  # noqa: BLE001  told below, when the others have had their turn
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    return drawn


def refresh_one(design: CardDesign, *, most: int = SLICE) -> int:
    """The same for one campaign, with at most so many pictures drawn."""
    at = clock.now()
    plan = wanted.plan(design, at=at)
    rows = _rows(design)
    by_spot = _by_spot(rows)
    due = [one for one in plan.cards if wanted.due(by_spot.get(one.spot), one, at=at)][:most]
    pictures: dict[Any, Image.Image | None] = {}
    made = [_drawn(plan, one, by_spot.get(one.spot), pictures) for one in due]
    news = any(_says_something_new(by_spot.get(one.spot), one) for one in due)
    _publish(plan, made, rows)
    if news and design.page_picture:
        _tell_pages(design)
    return len(made)


def _rows(design: CardDesign) -> list[DrawnCard]:
    """What has been drawn so far. A backup has the rows and not the files: those are made again."""
    public = publish_files.site().public
    rows = list(DrawnCard.objects.filter(campaign_key=design.campaign_key))
    for row in rows:
        if not row.trouble and not (public / row.path).is_file():
            row.fingerprint = ""
    return rows


def _drawn(
    plan: Plan, one: Wanted, old: DrawnCard | None, pictures: dict[Any, Image.Image | None]
) -> tuple[DrawnCard, bytes]:
    """A card's row and its bytes; none where it could not be drawn, and the row says why."""
    about = one.subject
    said = subject.content(
        plan.design, about, counted=one.counted, at=plan.at, shared_by=one.shared_by
    )
    mark = subject.picture_mark(about.picture)
    if mark not in pictures:
        pictures[mark] = subject.picture(about.picture)
    row = DrawnCard(
        campaign_key=about.campaign_key, page_key=about.page_key, language=about.language,
        format=one.format, messenger_key=one.messenger_key, fingerprint=one.fingerprint,
        counted=one.counted, drawn_at=plan.at, alt=card.alt(said),
    )  # fmt: skip
    try:
        done = card.make(subject.look(plan.design), said, one.format, pictures[mark])
    except (card.TooFaint, CannotDraw, DoesNotFit) as error:
        row.trouble = str(error)[:300]
        row.path = old.path if old else wanted.path(one, "png", old)
        row.digest = old.digest if old else ""
        return row, b""
    row.path = wanted.path(one, done.ending, old)
    row.digest = sha256(done.data).hexdigest()[:16]
    return row, done.data


def _publish(plan: Plan, made: list[tuple[DrawnCard, bytes]], rows: list[DrawnCard]) -> None:
    """Write what was drawn and the pages that tell of it, take away what nobody wants any more."""
    key = plan.design.campaign_key
    kept = _still_wanted(plan, rows)
    fresh = {row.path: row for row, _data in made}
    replaced = {_spot(row): row for row in fresh.values()}
    settled = [row for row in kept if row.format != "page" and row.path not in fresh]
    for row in settled:
        if _spot(row) in replaced and row.gone_after is None:
            row.gone_after = plan.at + KEEP
    pictures = [*settled, *fresh.values()]
    pages = _pages(plan, pictures, [row for row in rows if row.format == "page"])
    after = [*pictures, *(row for row, _data in pages)]
    written = [*made, *(one for one in pages if one[1])]
    if not written and {row.path for row in rows} == {row.path for row in after}:
        return
    site = publish_files.site()
    with site.locked():
        for row, data in written:
            if data:
                site.put(row.path, data)
        _note(site, f"{SCOPE}{key.hex}", [row.path for row in after])
        _store(key, [row for row, _data in written] + settled, {row.path for row in after})
        site.announce()


def _store(key: UUID, changed: list[DrawnCard], paths: set[str]) -> None:
    with transaction.atomic():
        DrawnCard.objects.filter(campaign_key=key).exclude(path__in=paths).delete()
        for row in changed:
            values = {name: getattr(row, name) for name in _STORED}
            DrawnCard.objects.update_or_create(path=row.path, defaults=values)


def _note(site: pack.Site, scope: str, paths: list[str]) -> None:
    """Say in the manifest what is ours now, and take away what no longer is."""
    manifest = publish_files.load(site)
    old = manifest.scopes.get(scope, Published())
    for path in set(old.files) - set(paths):
        site.remove(path)
    if paths:
        manifest.scopes[scope] = Published(files=sorted(set(paths)))
    else:
        manifest.scopes.pop(scope, None)
    publish_files.save(site, manifest)


def _still_wanted(plan: Plan, rows: list[DrawnCard]) -> list[DrawnCard]:
    """Rows of cards that the plan has, and those that are kept for a while.

    What an organiser takes back is gone at once, and so is the card of who no longer agrees.
    """
    spots = {one.spot for one in plan.cards}
    return [
        row
        for row in rows
        if row.format != "page"
        and _spot(row) in spots
        and (row.gone_after is None or row.gone_after > plan.at)
    ]


def _pages(
    plan: Plan, pictures: list[DrawnCard], old: list[DrawnCard]
) -> list[tuple[DrawnCard, bytes]]:
    """A page for each link whose card is drawn."""
    there = {_spot(row): row for row in pictures if row.digest and row.gone_after is None}
    known = {row.link_code: row for row in old}
    found = [_page(plan, link, there, known.get(link.code)) for link in plan.links]
    return [one for one in found if one is not None]


def _page(
    plan: Plan,
    link: TrackedLink,
    there: dict[tuple[Any, ...], DrawnCard],
    old: DrawnCard | None,
) -> tuple[DrawnCard, bytes] | None:
    about = plan.subject_of(link)
    if about is None:
        return None
    own = link.messenger.key.hex if link.messenger else ""
    spot = (about.page_key, about.language, "og")
    shown = there.get((*spot, own)) or there.get((*spot, ""))
    if shown is None:
        return None
    said = subject.content(plan.design, about, counted=0, at=plan.at)
    html = robot_page.html(
        subject=about, link=link, card=shown, image=cards.address(shown),
        title=" ".join(said.headline.split()), line=" ".join((said.line or about.summary).split()),
    ).encode()  # fmt: skip
    mark = sha256(html).hexdigest()[:32]
    row = DrawnCard(
        campaign_key=about.campaign_key, page_key=about.page_key, language=about.language,
        format="page", link_code=link.code, messenger_key=own, fingerprint=mark, drawn_at=plan.at,
        path=old.path if old else wanted.page_path(link),
    )  # fmt: skip
    return row, (html if old is None or old.fingerprint != mark else b"")


def _says_something_new(old: DrawnCard | None, one: Wanted) -> bool:
    everybodys = one.format == "og" and not one.messenger_key
    return everybodys and (old is None or old.fingerprint != one.fingerprint)


def _tell_pages(design: CardDesign) -> None:
    """Have the campaign's own pages made again, whose head names the card."""
    page = Campaign.objects.live().filter(translation_key=design.campaign_key).first()
    if page is not None:
        services.publish_soon(page_id=page.pk)


def _by_spot(rows: Iterable[DrawnCard]) -> dict[tuple[Any, ...], DrawnCard]:
    return {_spot(row): row for row in rows if row.format != "page" and row.gone_after is None}


def _spot(row: DrawnCard) -> tuple[Any, ...]:
    return (row.page_key, row.language, row.format, row.messenger_key)
