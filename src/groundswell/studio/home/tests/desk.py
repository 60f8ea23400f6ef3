"""What the desk's tests need: a furnished studio, organisers of each role, pages to act on."""

from typing import Any, Final, TypeVar

from django.test import Client
from wagtail.models import Locale, Page

from groundswell.base import clock
from groundswell.campaigns import services
from groundswell.campaigns.models import ActionPage, Campaign, ConsentBox, Question, SiteHome
from groundswell.studio import bootstrap, roles

P = TypeVar("P", Campaign, ActionPage)
ROLES: Final = roles.ALL


def furnish() -> None:
    """Locales, site homes, roles: what every studio starts with."""
    # A test with real transactions empties all tables at its end, even of what migrations brought.
    locale, _ = Locale.objects.get_or_create(language_code="en")
    if not Page.get_first_root_node():
        Page.add_root(title="Root", slug="root", locale=locale)
    bootstrap.furnish()


def client_of(role: str, *, name: str = "") -> Client:
    """A browser in which an organiser of that role is logged in."""
    client = Client()
    client.force_login(organiser(role, name=name))
    return client


def organiser(role: str, *, name: str = "") -> Any:
    """An organiser of that role."""
    name = name or role.lower().rstrip("s")
    return bootstrap.make_organiser(
        username=name, email=f"{name}@example.org", password="a long enough one", role=role
    )


def make_campaign(title: str = "Keep the reading room", **fields: Any) -> Campaign:
    """A campaign that is live, as far as the database is concerned."""
    home = SiteHome.objects.order_by("pk").first()
    assert home is not None
    campaign = services.create_campaign(
        home=home, title=title, summary="We ask for it.", demands=[("Do it.", "Mayor")], **fields
    )
    return _live(campaign)


def make_page(campaign: Campaign | None = None, title: str = "Sign here") -> ActionPage:
    """An action page that is live, with one question and one consent box."""
    page = services.create_action_page(
        campaign=campaign or make_campaign(f"Campaign of {title}"),
        title=title,
        text="<p>We ask.</p>",
        questions=[Question(key="visits", label="Last visit?", type="line")],
        consent_boxes=[ConsentBox(purpose="news", text="You may write to me.")],
    )
    return _live(page)


def _live(page: P) -> P:
    # Publishing also writes the public files, which these tests have no use for.
    page.live, page.first_published_at = True, clock.now()
    page.save(update_fields=["live", "first_published_at"])
    return page
