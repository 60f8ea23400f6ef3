"""A site made of views alone, without a database: every page type, in two languages."""

from io import BytesIO
from pathlib import Path
from typing import Final
from uuid import UUID

from PIL import Image

from groundswell.campaigns import publish_files, render, stamp
from groundswell.campaigns.counters import Totals
from groundswell.campaigns.pack import Site
from groundswell.campaigns.publish_files import Edition, Manifest
from groundswell.campaigns.queries import PrivacyNotice
from groundswell.campaigns.render_pages import Pages
from groundswell.campaigns.render_views import ActionCard, CampaignCard, HomeView
from groundswell.campaigns.tests import sample_open_letter, sample_reach
from groundswell.campaigns.tests.sample_views import (
    CAMPAIGNS,
    KEY,
    LANGS,
    PAGE,
    PAGES,
    action_view,
    campaign_view,
    site_view,
)

__all__ = ["KEY", "LANGS", "PAGE", "action_view", "campaign_view", "site_view"]

PATHS: Final = {
    "home": "/{lang}/",
    "campaign": "/{lang}/room/",
    "action": "/{lang}/room/sign/",
    "not open yet": "/{lang}/later/sign/",
    "closed": "/{lang}/past/sign/",
    "thanks": "/{lang}/room/sign/thanks/",
    "confirm": "/{lang}/room/sign/confirm/",
    "confirmed": "/{lang}/room/sign/confirmed/",
    "withdraw": "/{lang}/room/sign/withdraw/",
    "withdrawn": "/{lang}/room/sign/withdrawn/",
    "my data": "/{lang}/my-data/",
    "my data done": "/{lang}/my-data/done/",
    "privacy": "/{lang}/privacy/",
    "campaign privacy": "/{lang}/room/privacy/",
    "error": "/{lang}/errors/404.html",
    "chooser": "/",
    **sample_reach.PATHS,
    **sample_open_letter.PATHS,
}


def notice() -> PrivacyNotice:
    return PrivacyNotice(
        controller="Friends of the Room",
        address="3 Weir Lane",
        email="friends@example.org",
        purposes="",
        retention_months=24,
        extra="",
    )


def edition(*, url: str = "http://localhost") -> Edition:
    """Every page type in every language, with the files they need."""
    made = Edition(scope="sample")
    for name in ("page", "reach"):
        made.add(render.script_name(name), (render.ASSETS / f"{name}.js").read_bytes())
    for name in ("favicon.svg", "favicon.ico"):
        made.add(name, (render.ASSETS / name).read_bytes())
    for width in (480, 960):
        data = BytesIO()
        Image.new("RGB", (width, width * 9 // 16), "#2c6a73").save(data, "WEBP")
        made.add(f"media/room-{width}.webp", data.getvalue())
    for path, face in sample_open_letter.faces().items():
        made.add(path, face)
    for lang in LANGS:
        sample_open_letter.add(made, Pages(site_view(lang, url=url)), lang)
        _add_language(made, Pages(site_view(lang, url=url)), lang)
    made.add_page(Pages(site_view("en", url=url)).chooser(), "chooser")
    return made


def publish(folder: Path, *, url: str = "http://localhost") -> Site:
    """The sample site as files, announced."""
    site, manifest = Site(folder), Manifest()
    with site.locked():
        publish_files.put(site, manifest, edition(url=url))
        publish_files.save(site, manifest)
        stamp.write_counts(
            site,
            manifest,
            {
                UUID(page): Totals(1500, 1347)
                for page in (*PAGES.values(), *sample_reach.KEYS, sample_open_letter.PAGE)
            },
        )
        site.announce()
    return site


def _add_language(made: Edition, pages: Pages, lang: str) -> None:
    cards = []
    for slug, state in CAMPAIGNS.items():
        campaign, action = campaign_view(lang, slug), action_view(lang, slug)
        card = ActionCard(action.title, action.path, state, action.tally, action.kind)
        made.add_page(pages.campaign(campaign, (card,)), f"{slug}.{lang}")
        privacy = pages.privacy(notice(), campaign=campaign, actions=(action,))
        made.add_page(privacy, f"{slug}.{lang}.privacy")
        for page in pages.action(action, campaign):
            made.add_page(page, page.path)
        cards.append(
            CampaignCard(
                title=campaign.title,
                summary=campaign.summary,
                path=campaign.path,
                state=state,
                language=render.language(lang),
                picture=campaign.picture,
                tally=action.tally,
            )
        )
    sample_reach.add(made, pages, lang)
    home = HomeView(title="What we do", campaigns=tuple(cards), elsewhere=tuple(cards[:1]))
    made.add_page(pages.home(home), f"home.{lang}")
    made.add_page(pages.privacy(notice()), f"privacy.{lang}")
    for page in (*pages.my_data(), *pages.errors(f"/{lang}/errors/")):
        made.add_page(page, page.path)
