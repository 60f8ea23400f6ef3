"""Alice administers, Bob campaigns, Mona moderates, Charlie is a stranger."""

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from groundswell.base import env
from groundswell.campaigns.models import ActionPage, Campaign, SiteHome
from groundswell.campaigns.services import create_action_page, create_campaign
from groundswell.studio import bootstrap, roles

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def no_login_limits_from_other_tests() -> None:
    cache.clear()


@pytest.fixture
def home(db: None) -> SiteHome:
    shutil.rmtree(env.load().path("site"), ignore_errors=True)
    bootstrap.furnish()
    main: SiteHome = SiteHome.objects.get(locale__language_code="en")
    return main


@pytest.fixture
def organiser(home: SiteHome) -> Callable[[str, str], Client]:
    def log_in(name: str, role: str) -> Client:
        person = bootstrap.make_organiser(
            username=name, email=f"{name}@example.org", password=PASSWORD, role=role
        )
        client = Client()
        client.force_login(person)
        return client

    return log_in


@pytest.fixture
def alice(organiser: Callable[[str, str], Client]) -> Client:
    return organiser("alice", roles.ADMINISTRATORS)


@pytest.fixture
def bob(organiser: Callable[[str, str], Client]) -> Client:
    return organiser("bob", roles.CAMPAIGNERS)


@pytest.fixture
def mona(organiser: Callable[[str, str], Client]) -> Client:
    return organiser("mona", roles.MODERATORS)


@pytest.fixture
def charlie(home: SiteHome) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("charlie"))
    return client


@pytest.fixture
def campaign(home: SiteHome) -> Campaign:
    return create_campaign(
        home=home,
        title="Clean air",
        summary="Close school streets to cars.",
        demands=[("Close the street at the gate.", "City Council")],
    )


@pytest.fixture
def action(campaign: Campaign) -> ActionPage:
    return create_action_page(campaign=campaign, title="Sign", text="<p>We ask for clean air.</p>")


@pytest.fixture
def live_action(action: ActionPage, campaign: Campaign) -> Any:
    campaign.save_revision().publish()
    action.save_revision().publish()
    action.refresh_from_db()
    return action
