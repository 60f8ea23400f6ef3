from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import WorkflowState

from groundswell.campaigns.models import ActionPage, Campaign, SiteHome
from groundswell.people.models import Participation
from groundswell.studio import bootstrap, roles
from groundswell.studio.tests import forms

ORGANISERS = "wagtailusers_users:index"
SETTINGS = "wagtailsettings:edit"


def _status(client: Client, address: str) -> int:
    return client.get(address).status_code


def _settings() -> str:
    return reverse(SETTINGS, args=["campaigns", "organisation"])


def test_it_lets_alice_manage_organisers_and_settings(alice: Client) -> None:
    assert _status(alice, reverse(ORGANISERS)) == 200
    assert alice.get(_settings(), follow=True).status_code == 200


def test_it_lets_alice_make_an_organiser_by_role_alone(alice: Client) -> None:
    """A posted mark for somebody who may do everything changes nothing."""
    shown = alice.get(reverse("wagtailusers_users:add")).content.decode()
    assert "is_superuser" not in shown
    role = Group.objects.get(name=roles.CAMPAIGNERS)
    word = "a-long-pass-phrase-1"
    answer = alice.post(
        reverse("wagtailusers_users:add"),
        {
            "username": "dora",
            "email": "dora@example.org",
            "first_name": "Dora",
            "last_name": "Lind",
            "password1": word,
            "password2": word,
            "groups": [role.pk],
            "is_superuser": "on",
        },
    )
    assert answer.status_code == 302
    dora = get_user_model().objects.get(username="dora")
    assert not dora.is_superuser
    assert list(dora.groups.all()) == [role]


@pytest.mark.parametrize("name", ["bob", "mona"])
def test_it_keeps_others_from_organisers_and_settings(
    name: str, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(name)
    assert _status(client, reverse(ORGANISERS)) == 302
    assert _status(client, _settings()) == 302


def test_it_lets_bob_publish(bob: Client, home: SiteHome) -> None:
    address = reverse("wagtailadmin_pages:add", args=["campaigns", "campaign", home.pk])
    bob.post(address, forms.campaign() | {"action-publish": "yes"})
    assert Campaign.objects.get().live


def test_it_keeps_mona_from_publishing(mona: Client, campaign: Campaign) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[campaign.pk])
    mona.post(edit, forms.campaign() | {"action-publish": "yes"})
    campaign.refresh_from_db()
    assert not campaign.live


def test_it_shows_charlie_the_login_page(charlie: Client) -> None:
    answer = charlie.get(reverse("wagtailadmin_home"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")


def _submit(client: Client, campaign: Campaign) -> str:
    edit = reverse("wagtailadmin_pages:edit", args=[campaign.pk])
    client.post(edit, forms.campaign(goal="777") | {"action-submit": "yes"})
    state = WorkflowState.objects.get()
    assert state.workflow.name == bootstrap.WORKFLOW
    arguments = [campaign.pk, "approve", state.current_task_state.pk]
    return reverse("wagtailadmin_pages:workflow_action", args=arguments)


@pytest.mark.parametrize("role", [roles.ADMINISTRATORS, roles.MODERATORS])
def test_it_publishes_monas_edit_once_another_approves(
    role: str, mona: Client, organiser: Callable[[str, str], Client], campaign: Campaign
) -> None:
    organiser("other", role).post(_submit(mona, campaign))
    campaign.refresh_from_db()
    assert (campaign.live, campaign.goal) == (True, 777)


def test_it_lets_nobody_approve_their_own_edit(mona: Client, campaign: Campaign) -> None:
    mona.post(_submit(mona, campaign))
    campaign.refresh_from_db()
    assert not campaign.live


def _sign(action: ActionPage) -> None:
    Participation.objects.create(
        submission_id=action.page_key,
        page_key=action.page_key,
        kind="petition",
        language="en",
        received_at="2026-11-21T18:00:00Z",
        sealed=b"",
    )


@pytest.mark.parametrize("what", ["action", "campaign"])
def test_it_refuses_to_delete_what_was_signed(
    what: str, alice: Client, live_action: ActionPage, campaign: Campaign
) -> None:
    _sign(live_action)
    page = live_action if what == "action" else campaign
    answer = alice.post(reverse("wagtailadmin_pages:delete", args=[page.pk]), follow=True)
    assert "Unpublish it instead" in answer.content.decode()
    assert ActionPage.objects.filter(pk=live_action.pk).exists()


def test_it_refuses_that_in_bulk_too(alice: Client, live_action: ActionPage) -> None:
    _sign(live_action)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    alice.post(f"{address}?id={live_action.pk}&next=/")
    assert ActionPage.objects.filter(pk=live_action.pk).exists()


def test_it_deletes_what_nobody_signed(alice: Client, live_action: ActionPage) -> None:
    alice.post(reverse("wagtailadmin_pages:delete", args=[live_action.pk]))
    assert not ActionPage.objects.filter(pk=live_action.pk).exists()


def test_it_can_be_furnished_again(alice: Client) -> None:
    before = get_user_model().objects.count(), SiteHome.objects.count()
    bootstrap.furnish()
    assert (get_user_model().objects.count(), SiteHome.objects.count()) == before
