from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation

from groundswell.base import env
from groundswell.campaigns.models import (
    ActionPage,
    Campaign,
    ConsentBox,
    ConsentText,
    LetterPage,
    LetterText,
    Question,
    TalkingPoint,
)
from groundswell.campaigns.services import create_action_page, create_letter_page, publish_now

ARABIC = {
    "Clean air": "هواء نقي",
    "Close school streets to cars.": "أغلقوا شوارع المدارس أمام السيارات.",
    "Close the street at the gate.": "أغلقوا الشارع عند البوابة.",
    "City Council": "مجلس المدينة",
    "Sign": "وقّع",
    "We ask for clean air.": "نطالب بهواء نقي.",
    "Write to me.": "راسلوني.",
    "Which school?": "أي مدرسة؟",
}


def _submit(client: Client, page: Any, *, to: Locale) -> Translation:
    address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    client.post(address, {"locales": [to.pk], "include_subtree": "on"})
    return Translation.objects.get(source__object_id=page.translation_key, target_locale=to)


def _translate_strings(translation: Translation) -> None:
    for segment in translation.source.stringsegment_set.all():
        words = ARABIC.get(segment.string.data)
        if words:
            StringTranslation.objects.create(
                translation_of=segment.string,
                locale=translation.target_locale,
                context=segment.context,
                data=words,
            )


def _publish(client: Client, translation: Translation) -> None:
    target = translation.get_target_instance()
    client.post(
        reverse("wagtailadmin_pages:edit", args=[target.pk]), {"action": "publish"}, follow=True
    )


def test_it_translates_a_campaign_and_its_petition_into_arabic(
    alice: Client, campaign: Campaign, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    action = create_action_page(
        campaign=campaign,
        title="Sign",
        text="<p>We ask for clean air.</p>",
        consent_boxes=[ConsentBox(purpose="news", text="Write to me.")],
        questions=[Question(label="Which school?", type="line")],
    )
    for page in (campaign, action):
        page.save_revision().publish()
    arabic = Locale.objects.get(language_code="ar")
    _submit(alice, campaign, to=arabic)
    draft = ActionPage.objects.get(translation_key=action.translation_key, locale=arabic)
    assert not draft.live  # nothing untranslated goes public by itself

    with django_capture_on_commit_callbacks(execute=True):
        for page in (campaign, action):
            translation = Translation.objects.get(
                source__object_id=page.translation_key, target_locale=arabic
            )
            _translate_strings(translation)
            _publish(alice, translation)

    translated = ActionPage.objects.get(pk=draft.pk)
    assert translated.live
    assert translated.title == "وقّع"
    assert translated.page_key == action.page_key
    assert [q.key for q in translated.questions.all()] == [q.key for q in action.questions.all()]
    assert translated.consent_boxes.get().text == "راسلوني."
    assert set(ConsentText.objects.values_list("language", "purpose")) == {
        ("en", "news"),
        ("ar", "news"),
    }
    parts = translated.public_path.strip("/").split("/")
    shown = env.load().path("site", "public", *parts, "index.html").read_text()
    assert 'dir="rtl"' in shown
    assert "نطالب بهواء نقي." in shown


def test_it_keeps_numbers_and_dates_the_same_in_every_language(
    alice: Client, campaign: Campaign
) -> None:
    arabic = Locale.objects.get(language_code="ar")
    campaign.goal = 4321
    campaign.save_revision().publish()
    translation = _submit(alice, campaign, to=arabic)
    translation.save_target(user=get_user_model().objects.first(), publish=True)
    assert Campaign.objects.get(locale=arabic).goal == 4321


def test_it_translates_a_letter_with_its_texts_and_points(
    alice: Client, campaign: Campaign, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    page = create_letter_page(
        campaign=campaign,
        title="Sign",
        letters=[LetterText(keys=["test/minister"], subject="Clean air", body="Which school?")],
        points=[TalkingPoint(key="near", label="Write to me.", text="City Council")],
    )
    with django_capture_on_commit_callbacks(execute=True):
        publish_now(page=campaign)
        publish_now(page=page)
        arabic, _ = Locale.objects.get_or_create(language_code="ar")
        _submit(alice, campaign, to=arabic)
        translation = _submit(alice, page, to=arabic)
        _translate_strings(translation)
        _publish(alice, translation)
    there = LetterPage.objects.get(locale=arabic)
    [text] = there.letters.all()
    assert (text.subject, text.body) == (ARABIC["Clean air"], ARABIC["Which school?"])
    assert (text.keys, text.group, there.kind) == (["test/minister"], "", "letter")
    [point] = there.points.all()
    assert (point.key, point.text) == ("near", ARABIC["City Council"])
