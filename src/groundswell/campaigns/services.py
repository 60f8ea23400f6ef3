"""Writes: making campaigns, keeping consent texts, telling the public door."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from wagtail.models import Page

from groundswell.base import clock, ids
from groundswell.campaigns import checks_reach, ringing
from groundswell.campaigns.models import (
    ActionPage,
    Answer,
    CallPage,
    Campaign,
    ConsentBox,
    ConsentText,
    Demand,
    LetterPage,
    LetterText,
    OpenLetterPage,
    PendingPublish,
    Question,
    SiteHome,
    TalkingPoint,
)
from groundswell.campaigns.models_base import PublicPage

log: Final = logging.getLogger(__name__)
P = TypeVar("P", bound=PublicPage)
A = TypeVar("A", bound=ActionPage)


def create_campaign(
    *,
    home: SiteHome,
    title: str,
    summary: str,
    demands: Sequence[tuple[str, str]],
    slug: str = "",
    **fields: Any,
) -> Campaign:
    """A new campaign as a draft below a site home. `demands` are (text, addressee) pairs.

    Raises django's ValidationError, like the form would.
    """
    campaign = Campaign(
        title=title,
        summary=summary,
        slug=slug or _free_slug(home, title),
        locale=home.locale,
        live=False,
        **fields,
    )
    for text, addressee in demands:
        campaign.demands.add(Demand(text=text, addressee=addressee))
    return _add(home, campaign)


def create_action_page(
    *,
    campaign: Campaign,
    title: str,
    text: str,
    slug: str = "",
    consent_boxes: Sequence[ConsentBox] = (),
    questions: Sequence[Question] = (),
    **fields: Any,
) -> ActionPage:
    """A new action page as a draft below a campaign. Raises django's ValidationError."""
    page = ActionPage(title=title, text=text, slug=slug, **fields)
    return _add_action(campaign, page, consent_boxes=consent_boxes, questions=questions)


def create_letter_page(
    *,
    campaign: Campaign,
    title: str,
    letters: Sequence[LetterText],
    points: Sequence[TalkingPoint] = (),
    slug: str = "",
    consent_boxes: Sequence[ConsentBox] = (),
    **fields: Any,
) -> LetterPage:
    """A new letter page as a draft below a campaign. Raises django's ValidationError.

    `letters` are its texts with those who get each: `LetterText(own=["senate", "house"], lists=[3],
    keys=["us/C000127"], subject=…, body=…)`. Whether they can be reached is checked by the editor.
    """
    for one in letters:
        _refuse(checks_reach.chosen(one) | checks_reach.marks(one.subject, one.body))
    page = LetterPage(title=title, slug=slug, **fields)
    page.letters.set(list(letters))
    page.points.set(list(points))
    return _add_action(campaign, page, consent_boxes=consent_boxes)


def create_call_page(
    *,
    campaign: Campaign,
    title: str,
    opening: str,
    say: str,
    answers: Sequence[Answer] = (),
    slug: str = "",
    consent_boxes: Sequence[ConsentBox] = (),
    **fields: Any,
) -> CallPage:
    """A new call page as a draft below a campaign. Raises django's ValidationError.

    Whom to call: `own`, `lists`, `keys`, as in a letter's text.
    """
    page = CallPage(title=title, slug=slug, opening=opening, say=say, **fields)
    _refuse(checks_reach.chosen(page))
    page.answers.set(list(answers))
    return _add_action(campaign, page, consent_boxes=consent_boxes)


def create_open_letter(
    *,
    campaign: Campaign,
    title: str,
    text: str,
    slug: str = "",
    consent_boxes: Sequence[ConsentBox] = (),
    questions: Sequence[Question] = (),
    **fields: Any,
) -> OpenLetterPage:
    """A new open letter as a draft below a campaign. Raises django's ValidationError.

    Whom it is addressed to: `lists`, `keys`, as in a letter's text.
    """
    page = OpenLetterPage(title=title, text=text, slug=slug, **fields)
    _refuse(checks_reach.chosen(page))
    return _add_action(campaign, page, consent_boxes=consent_boxes, questions=questions)


def publish_now(*, page: Page, organiser: Any = None) -> None:
    """Publish a page's newest draft, as the studio's button does."""
    page.save_revision(user=organiser).publish(user=organiser)


def record_consent_texts(*, page: ActionPage, at: datetime | None = None) -> None:
    """Keep each consent text of a page as it is about to be shown. Doing it again adds nothing."""
    moment = at or clock.now()
    texts = [(box.purpose, box.text) for box in page.consents()]
    if isinstance(page, CallPage) and ringing.is_offered(page):
        texts.append((ringing.PURPOSE, ringing.consent(page.language)))
    for purpose, text in texts:
        ConsentText.objects.get_or_create(
            page_key=page.page_key,
            purpose=purpose,
            language=page.language,
            version=ids.text_version(purpose=purpose, text=text),
            defaults={"text": text, "first_shown": moment},
        )


def publish_soon(*, page_id: int | None) -> None:
    """Bring a page's public files (or, with None, the whole site's) up to date after the commit.

    If that fails, or this process dies before, `publish_pending` does it: core calls it for ever.
    """
    pending = PendingPublish.objects.create(page_id=page_id, since=clock.now())
    transaction.on_commit(lambda: _try(pending))


def publish_pending() -> int:
    """Try again whatever the public door has not been told; returns how many are still left."""
    for pending in PendingPublish.objects.all():
        _try(pending)
    return PendingPublish.objects.count()


def publish_scheduled() -> None:
    """Publish and unpublish what is due by its schedule. For core, every few seconds."""
    call_command("publish_scheduled", verbosity=0)


def _try(pending: PendingPublish) -> None:
    # One publishing serves all rows for the page that are there before it starts, not one more:
    # a row that comes later stands for a change this publishing may not have seen.
    served = list(
        PendingPublish.objects.filter(page_id=pending.page_id).values_list("pk", flat=True)
    )
    if pending.pk not in served:
        return
    try:
        _publish(pending.page_id)
    # Whatever goes wrong while rendering, the organiser's change is saved and stays saved:
    # the failure is shown as a message and tried again, never a 500 after the fact.
    except Exception:
        log.exception("could not publish %s", pending)
        PendingPublish.objects.filter(pk__in=served).update(tries=F("tries") + 1)
    else:
        PendingPublish.objects.filter(pk__in=served).delete()


def _publish(page_id: int | None) -> None:
    from groundswell.campaigns import publish  # noqa: PLC0415  it is heavy, and models load first

    if page_id is None:
        publish.publish_site()
        return
    page = Page.objects.filter(pk=page_id).first()
    if page is None:
        publish.publish_site()
    elif page.live:
        publish.publish_page(page.specific)
    else:
        publish.unpublish_page(page.specific)


def _refuse(problems: Mapping[str, str]) -> None:
    if problems:
        raise ValidationError(dict(problems))


def _add_action(
    campaign: Campaign,
    page: A,
    *,
    consent_boxes: Sequence[ConsentBox] = (),
    questions: Sequence[Question] = (),
) -> A:
    page.slug = page.slug or _free_slug(campaign, page.title)
    page.locale = campaign.locale
    page.live = False
    for box in consent_boxes:
        page.consent_boxes.add(box)
    for question in questions:
        page.questions.add(question)
    return _add(campaign, page)


@transaction.atomic
def _add(parent: Page, page: P) -> P:
    # Wagtail checks a draft only with its revision, when the page is in the tree already.
    parent.add_child(instance=page)
    page.save_revision()
    return page


def _free_slug(parent: Page, title: str) -> str:
    base = slugify(title) or "page"
    taken = set(parent.get_children().values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
