"""Empty, error and refusal pages say in plain words what is the matter."""

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from groundswell.campaigns.models import Campaign, SiteHome


def test_it_says_what_to_do_in_an_empty_list(alice: Client, home: SiteHome) -> None:
    shown = alice.get(reverse("wagtailadmin_explore", args=[home.pk])).content.decode()
    assert "No campaign yet" in shown
    assert "Start a campaign" in shown


def test_it_says_what_a_campaign_without_an_action_lacks(alice: Client, campaign: Campaign) -> None:
    shown = alice.get(reverse("wagtailadmin_explore", args=[campaign.pk])).content.decode()
    assert "Add an action" in shown


def test_it_offers_no_button_to_who_may_not(mona: Client, home: SiteHome) -> None:
    shown = mona.get(reverse("wagtailadmin_explore", args=[home.pk])).content.decode()
    assert "No campaign yet" in shown
    assert "Start a campaign" not in shown


def test_it_explains_a_page_that_is_not_there(alice: Client) -> None:
    answer = alice.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_it_explains_a_form_that_is_too_old(alice: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("account_login"), {"login": "alice", "password": "x"})
    assert answer.status_code == 403
    assert "Nothing was saved" in answer.content.decode()


def test_it_shows_the_way_to_a_second_factor(alice: Client) -> None:
    shown = alice.get(reverse("wagtailadmin_account")).content.decode()
    assert reverse("mfa_index") in shown


def test_it_saves_the_account_page(alice: Client) -> None:
    answer = alice.post(
        reverse("wagtailadmin_account"),
        {
            "name_email-first_name": "Alice",
            "name_email-last_name": "Adams",
            "name_email-email": "alice@example.org",
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
            "locale-preferred_language": "en",
            "locale-current_time_zone": "UTC",
        },
    )
    assert answer.status_code == 302
    assert get_user_model().objects.get(username="alice").first_name == "Alice"
