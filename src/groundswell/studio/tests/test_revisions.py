"""An old version brought back is still the same page in every other respect."""

from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from groundswell.campaigns.models import ActionPage, Campaign, ConsentBox, Question, SiteHome
from groundswell.campaigns.services import create_action_page, publish_now
from groundswell.studio.tests import forms


def _bring_back(client: Client, page: Page, revision: Any, changed: dict[str, Any]) -> None:
    """As the browser does: save what the form of the old version holds."""
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = client.post(edit, {**changed, "revision": revision.pk, "action-publish": "yes"})
    assert answer.status_code == 302


def _rows(form: Any, name: str, *fields: str) -> dict[str, Any]:
    formset = form.formsets[name]
    rows = [
        {"id": str(row.instance.pk or ""), **{f: row[f].value() for f in fields}}
        for row in formset.initial_forms
    ]
    return dict(forms.inline_formset(rows, initial=len(rows)))


def _old_form(client: Client, page: Page, revision: Any) -> Any:
    address = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, revision.pk])
    return client.get(address).context["form"]


def test_it_keeps_the_keys_of_a_campaigns_demands(alice: Client, campaign: Campaign) -> None:
    publish_now(page=campaign)
    old = campaign.latest_revision
    [demand] = Campaign.objects.get().demands.all()
    demand.text = "Close two streets."
    campaign = Campaign.objects.get()
    campaign.demands = [demand]
    publish_now(page=campaign)
    form = _old_form(alice, campaign, old)
    rows = _rows(form, "demands", "text", "addressee")
    _bring_back(alice, campaign, old, forms.campaign(demands=rows))
    [back] = Campaign.objects.get().demands.all()
    assert back.text == "Close the street at the gate."
    assert back.translation_key == demand.translation_key


def test_it_keeps_the_keys_of_what_was_removed_meanwhile(alice: Client, campaign: Campaign) -> None:
    action = create_action_page(
        campaign=campaign,
        title="Sign",
        text="<p>We ask.</p>",
        consent_boxes=[ConsentBox(purpose="news", text="Write to me.")],
        questions=[Question(label="Which school?", type="line")],
    )
    publish_now(page=action)
    old = ActionPage.objects.get().latest_revision
    [question] = ActionPage.objects.get().questions.all()
    without = ActionPage.objects.get()
    without.questions = []
    publish_now(page=without)
    assert not ActionPage.objects.get().questions.exists()

    form = _old_form(alice, action, old)
    questions = _rows(form, "questions", "label", "type", "key")
    for number in range(len(form.formsets["questions"].initial_forms)):
        questions |= {
            f"{number}-choices-{name}": value for name, value in forms.streamfield([]).items()
        }
    boxes = _rows(form, "consent_boxes", "purpose", "text")
    changed = forms.action(questions=questions, consent_boxes=boxes)
    _bring_back(alice, action, old, changed)
    [back] = ActionPage.objects.get().questions.all()
    assert back.key == question.key
    assert back.translation_key == question.translation_key


def test_it_moves_no_campaign_into_another_language(
    alice: Client, home: SiteHome, campaign: Campaign
) -> None:
    arabic = SiteHome.objects.get(locale=Locale.objects.get(language_code="ar"))
    address = reverse("wagtailadmin_pages:move_confirm", args=[campaign.pk, arabic.pk])
    answer = alice.post(address)
    assert answer.status_code in {302, 403}
    assert Campaign.objects.get().get_parent().pk == home.pk
