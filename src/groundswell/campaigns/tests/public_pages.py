"""Campaigns for the tests of public pages, made as an organiser makes them."""

from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image as Raster
from wagtail.images.models import Image
from wagtail.models import Locale, Page

from groundswell.campaigns import services
from groundswell.campaigns.models import ActionPage, Campaign, ConsentBox, Question, SiteHome


def make_home(lang: str = "en", **fields: Any) -> SiteHome:
    """A live site home in a language, a translation of those that are there."""
    locale, _ = Locale.objects.get_or_create(language_code=lang)
    first = SiteHome.objects.first()
    if first:
        fields.setdefault("translation_key", first.translation_key)
    fields.setdefault("title", f"Home {lang}")
    fields.setdefault("slug", f"home-{lang}")
    home = SiteHome(locale=locale, **fields)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    root.add_child(instance=home)
    return home


def make_picture(title: str = "A reading room") -> Image:
    """A picture as an organiser uploads it."""
    data = BytesIO()
    Raster.linear_gradient("L").resize((1600, 900)).convert("RGB").save(data, "JPEG")
    return Image.objects.create(title=title, file=ImageFile(data, name="room.jpg"))


def make_campaign(
    home: SiteHome, *, title: str = "Keep the reading room", **fields: Any
) -> Campaign:
    """A live campaign with two demands."""
    fields.setdefault("summary", "The old library's reading room is to close. We ask for it.")
    fields.setdefault("goal", 5000)
    campaign = services.create_campaign(
        home=home,
        title=title,
        demands=[
            ("Keep the reading room open on six days a week.", "The town council of Vellmar"),
            ("Mend the roof before the winter.", "The building office"),
        ],
        **fields,
    )
    services.publish_now(page=campaign)
    campaign.refresh_from_db()
    return campaign


def make_action(
    campaign: Campaign, *, title: str = "Sign for the room", **fields: Any
) -> ActionPage:
    """A live petition with every kind of field."""
    fields.setdefault("text", "<p>We ask the town council to keep the room open.</p>")
    fields.setdefault("ask_postcode", "optional")
    fields.setdefault("ask_phone", "optional")
    fields.setdefault("ask_comment", "optional")
    fields.setdefault("questions", _questions())
    fields.setdefault(
        "consent_boxes",
        [
            ConsentBox(purpose="news", text="You may e-mail me about this campaign."),
            ConsentBox(purpose="hand_over", text="You may hand my name over.", required=True),
        ],
    )
    page = services.create_action_page(campaign=campaign, title=title, **fields)
    services.publish_now(page=page)
    page.refresh_from_db()
    return page


def reload_at(page: Campaign, *, opens: datetime | None, closes: datetime | None) -> Campaign:
    """The campaign with other dates, published."""
    page.opens_at, page.closes_at = opens, closes
    services.publish_now(page=page)
    page.refresh_from_db()
    return page


def _questions() -> list[Question]:
    return [
        Question(key="visits", label="When did you last visit?", type="line"),
        Question(key="why", label="What does it mean to you?", type="text"),
        Question(
            key="day",
            label="Your best day",
            type="choice",
            choices=[("choice", "Monday"), ("choice", "Saturday")],
            required=True,
        ),
        Question(key="helper", label="I would lend a hand", type="check"),
    ]
