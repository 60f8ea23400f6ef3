from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from groundswell.base import env
from groundswell.campaigns import publish
from groundswell.campaigns.models import ActionPage, Campaign, ConsentText, Question, SiteHome
from groundswell.campaigns.services import create_action_page
from groundswell.studio.tests import forms


def _add(model: str, parent: int) -> str:
    return reverse("wagtailadmin_pages:add", args=["campaigns", model, parent])


def test_it_makes_and_publishes_a_campaign_and_its_petition(
    alice: Client, home: SiteHome, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = alice.post(_add("campaign", home.pk), forms.campaign() | {"action-publish": "yes"})
    campaign = Campaign.objects.get()
    choice = reverse("wagtailadmin_pages:add_subpage", args=[campaign.pk])
    assert answer.headers["Location"] == choice
    offered = alice.get(choice).content.decode()
    for model in ("actionpage", "letterpage", "callpage"):
        assert _add(model, campaign.pk) in offered
    with django_capture_on_commit_callbacks(execute=True):
        alice.post(_add("actionpage", campaign.pk), forms.action() | {"action-publish": "yes"})

    page = ActionPage.objects.get()
    assert page.live
    assert page.public_path == "/en/clean-air/sign/"
    published = env.load().path("site", "public", "en", "clean-air", "sign", "index.html")
    assert "We ask for clean air." in published.read_text()
    assert "Write to me." in published.read_text()
    assert ConsentText.objects.get().text == "Write to me."


def test_it_keeps_a_draft_from_the_public(
    alice: Client, home: SiteHome, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        alice.post(_add("campaign", home.pk), forms.campaign(slug="hush"))
    assert not Campaign.objects.get(slug="hush").live
    assert not env.load().path("site", "public", "en", "hush").exists()


def test_it_takes_an_unpublished_page_away(
    alice: Client, live_action: ActionPage, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    publish.publish_page(live_action)
    file = env.load().path("site", "public", *live_action.public_path.strip("/").split("/"))
    assert (file / "index.html").exists()
    with django_capture_on_commit_callbacks(execute=True):
        alice.post(reverse("wagtailadmin_pages:unpublish", args=[live_action.pk]))
    assert not (file / "index.html").exists()


def test_it_refuses_a_campaign_that_closes_before_it_opens(alice: Client, home: SiteHome) -> None:
    answer = alice.post(
        _add("campaign", home.pk),
        forms.campaign(opens_at="2030-02-01 10:00", closes_at="2030-01-01 10:00"),
    )
    assert "must close after it opens" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_it_refuses_a_slug_the_site_needs_itself(alice: Client, home: SiteHome) -> None:
    answer = alice.post(_add("campaign", home.pk), forms.campaign(slug="privacy"))
    assert "Choose another" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_it_refuses_a_goal_of_nothing(alice: Client, home: SiteHome) -> None:
    alice.post(_add("campaign", home.pk), forms.campaign(goal="0"))
    assert not Campaign.objects.exists()


def test_it_refuses_a_campaign_without_a_demand(alice: Client, home: SiteHome) -> None:
    empty = forms.campaign(demands=forms.inline_formset([]))
    answer = alice.post(_add("campaign", home.pk), empty | {"action-publish": "yes"})
    assert answer.status_code == 200
    assert not Campaign.objects.exists()


def test_it_refuses_two_consent_boxes_for_one_purpose(alice: Client, campaign: Campaign) -> None:
    boxes = forms.inline_formset(
        [{"purpose": "news", "text": "Write to me."}, {"purpose": "news", "text": "Call me."}]
    )
    answer = alice.post(_add("actionpage", campaign.pk), forms.action(consent_boxes=boxes))
    assert "Another box has this purpose" in answer.content.decode()
    assert not ActionPage.objects.exists()


def test_it_refuses_a_choice_without_answers(alice: Client, campaign: Campaign) -> None:
    questions = forms.inline_formset(
        [{"label": "Which school?", "type": "choice", "choices": forms.streamfield([])}]
    )
    answer = alice.post(_add("actionpage", campaign.pk), forms.action(questions=questions))
    assert "Give two answers or more" in answer.content.decode()


def _questions(action: ActionPage) -> list[Question]:
    latest = ActionPage.objects.get(pk=action.pk).get_latest_revision_as_object()
    return list(latest.questions.all())


def test_it_keeps_a_questions_key_when_its_words_change(alice: Client, action: ActionPage) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[action.pk])
    row = {"label": "Which school?", "type": "line", "choices": forms.streamfield([])}
    alice.post(edit, forms.action(questions=forms.inline_formset([row])))
    [question] = _questions(action)
    shown = alice.get(edit).content.decode()
    assert f'value="{question.key}"' in shown  # the form carries the key from save to save
    row |= {
        "id": str(question.pk or ""),
        "label": "Which school do you go to?",
        "key": question.key,
    }
    alice.post(edit, forms.action(questions=forms.inline_formset([row], initial=1)))
    [changed] = _questions(action)
    assert changed.label == "Which school do you go to?"
    assert changed.key == question.key


def test_it_gives_each_question_a_key_of_its_own(alice: Client, action: ActionPage) -> None:
    rows = [
        {"label": label, "type": "line", "choices": forms.streamfield([])} for label in ("A", "B")
    ]
    edit = reverse("wagtailadmin_pages:edit", args=[action.pk])
    alice.post(edit, forms.action(questions=forms.inline_formset(rows)))
    assert len({question.key for question in _questions(action)}) == 2


def test_it_refuses_one_question_twice(alice: Client, action: ActionPage) -> None:
    row = {"label": "A", "type": "line", "choices": forms.streamfield([]), "key": "abcd1234"}
    edit = reverse("wagtailadmin_pages:edit", args=[action.pk])
    answer = alice.post(edit, forms.action(questions=forms.inline_formset([row, row])))
    assert "here twice" in answer.content.decode()
    assert _questions(action) == []


def test_it_previews_a_draft_as_it_would_be_published(alice: Client, action: ActionPage) -> None:
    answer = alice.get(reverse("wagtailadmin_pages:view_draft", args=[action.pk]))
    assert answer.status_code == 200
    assert "We ask for clean air." in answer.content.decode()


def test_it_makes_no_page_of_a_kind_there_is_not(campaign: Campaign) -> None:
    with pytest.raises(ValidationError):
        create_action_page(campaign=campaign, title="Dance", text="<p>Dance.</p>", kind="dance")
    assert not ActionPage.objects.exists()
