"""The demo's content made into pages, as an organiser would make them."""

from collections.abc import Mapping
from typing import Any

from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Locale

from groundswell.campaigns import services
from groundswell.campaigns.models import (
    ActionPage,
    Campaign,
    ConsentBox,
    Organisation,
    Partner,
    Question,
    SiteHome,
)
from groundswell.ops import demo_messengers, demo_open_letter, demo_reach_pages
from groundswell.ops.demo_content import ACTION, GOAL, PICTURE, SLUGS, Content
from groundswell.ops.demo_reach import REACH


def load(content: Mapping[str, Content]) -> bool:
    """Make and publish the demo's campaign in each language, the first one's translations.

    Does nothing and returns False when there is a campaign already.
    """
    if Campaign.objects.exists():
        return False
    with transaction.atomic():
        (lang, first), *others = content.items()
        demo_reach_pages.load_directory()
        _name_organisation(first)
        home = _home(lang, first)
        campaign = _campaign(home, first)
        action = _action(campaign, first)
        reach = demo_reach_pages.make(campaign, REACH[lang])
        for other, words in others:
            _translate(campaign, action, other, words)
            demo_reach_pages.translate(reach, Locale.objects.get(language_code=other), REACH[other])
        demo_open_letter.load(campaign, {one.language_code: one for one in Locale.objects.all()})
        demo_messengers.load(action)
    return True


def _name_organisation(words: Content) -> None:
    organisation: Organisation = Organisation.load()
    organisation.name = words.organisation
    organisation.address = "3 Weir Lane\nAldermere"
    organisation.email = "friends@lantern-room.example"
    organisation.save()


def _home(lang: str, words: Content) -> SiteHome:
    home: SiteHome = SiteHome.objects.get(locale__language_code=lang)
    home.title, home.intro = words.home_title, words.home_intro
    services.publish_now(page=home)
    return home


def _campaign(home: SiteHome, words: Content) -> Campaign:
    with PICTURE.open("rb") as file:
        picture = get_image_model().objects.create(
            title=words.title, file=ImageFile(file, name=PICTURE.name)
        )
    campaign = services.create_campaign(
        home=home,
        title=words.title,
        summary=words.summary,
        demands=words.demands,
        slug=SLUGS["campaign"],
        goal=GOAL,
        lead_picture=picture,
        lead_picture_alt=words.picture_alt,
        story=_story(words),
    )
    for name in words.partners:
        campaign.partners.add(Partner(name=name))
    services.publish_now(page=campaign)
    return campaign


def _action(campaign: Campaign, words: Content) -> ActionPage:
    question = Question(
        label=words.question,
        type="choice",
        choices=[("choice", answer) for answer in words.answers],
    )
    action = services.create_action_page(
        campaign=campaign,
        title=words.action_title,
        text=words.action_text,
        slug=SLUGS["action"],
        consent_boxes=[ConsentBox(purpose="news", text=words.consent)],
        questions=[question],
        **_shared_words(words),
        **ACTION,
    )
    services.publish_now(page=action)
    return action


def _translate(campaign: Campaign, action: ActionPage, lang: str, words: Content) -> None:
    locale = Locale.objects.get(language_code=lang)
    _home(lang, words)
    translated = campaign.copy_for_translation(locale)
    _set(
        translated,
        title=words.title,
        draft_title=words.title,
        summary=words.summary,
        lead_picture_alt=words.picture_alt,
        story=_story(words),
    )
    demands = [{"text": text, "addressee": addressee} for text, addressee in words.demands]
    _set_each(translated.demands, demands)
    _set_each(translated.partners, [{"name": name} for name in words.partners])
    services.publish_now(page=translated)
    _translate_action(action, locale, words)


def _translate_action(action: ActionPage, locale: Locale, words: Content) -> None:
    page = action.copy_for_translation(locale)
    title = words.action_title
    _set(page, title=title, draft_title=title, text=words.action_text, **_shared_words(words))
    _set_each(page.consent_boxes, [{"text": words.consent}])
    _set_each(page.questions, [{"label": words.question}])
    # The answers keep their ids: they are the values that are counted, whatever the language.
    for block, answer in zip(page.questions.all()[0].choices, words.answers, strict=True):
        block.value = answer
    services.publish_now(page=page)


def _story(words: Content) -> list[tuple[str, Any]]:
    return [
        (block.type, {"text": block.text, "source": block.source})
        if block.type == "quote"
        else (block.type, block.text)
        for block in words.story
    ]


def _shared_words(words: Content) -> dict[str, str]:
    return {
        "thanks_title": words.thanks_title,
        "thanks_text": words.thanks_text,
        "share_text": words.share_text,
        "share_subject": words.share_subject,
    }


def _set_each(related: Any, rows: list[dict[str, str]]) -> None:
    things = list(related.all())
    for thing, values in zip(things, rows, strict=True):
        _set(thing, **values)
    related.set(things)


def _set(thing: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(thing, name, value)
