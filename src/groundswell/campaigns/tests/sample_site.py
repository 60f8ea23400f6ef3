"""A site made of views alone, without a database: every page type, in two languages."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final
from uuid import UUID

from django.utils.safestring import SafeString
from PIL import Image

from groundswell.campaigns import publish_files, render, stamp
from groundswell.campaigns.counters import Totals
from groundswell.campaigns.pack import Site
from groundswell.campaigns.publish_files import Edition, Manifest
from groundswell.campaigns.queries import PrivacyNotice
from groundswell.campaigns.render_pages import Pages
from groundswell.campaigns.render_views import (
    ActionCard,
    ActionView,
    Alternate,
    Block,
    CampaignCard,
    CampaignView,
    ConsentView,
    DemandView,
    HomeView,
    PartnerView,
    Picture,
    QuestionView,
    SiteView,
    State,
    TallyView,
)
from groundswell.kinds.registry import KINDS

LANGS: Final = ("en", "ar")
PAGE: Final = "0123456789abcdef" * 2
KEY: Final = UUID(PAGE)
PAGES: Final = {"room": PAGE, "later": "b" * 32, "past": "c" * 32}
CAMPAIGNS: Final[dict[str, State]] = {"room": "open", "later": "soon", "past": "closed"}
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
}
LOREM: Final = (
    "Whoever comes home over the bridge after dark looks up without thinking. If the lantern is "
    "lit, there is still a warm chair, a newspaper and somebody to say good evening to. "
)


def site_view(lang: str, *, url: str = "http://localhost") -> SiteView:
    homes = tuple(Alternate(render.language(code), f"/{code}/") for code in LANGS)
    return SiteView(
        name="Friends of the Room",
        url=url,
        language=render.language(lang),
        homes=homes,
        main="en",
        email="friends@example.org",
    )


def picture(*, alt: str = "A lit window") -> Picture:
    return Picture(
        src="/media/room-960.webp",
        srcset="/media/room-480.webp 480w, /media/room-960.webp 960w",
        width=960,
        height=540,
        alt=alt,
        absolute="http://localhost/media/room-960.webp",
    )


def tally(counted: int = 1347, *, page: str = PAGE) -> TallyView:
    return TallyView(
        page=page, counted=counted, collected=counted, goal=2500, kind=KINDS["petition"]
    )


def campaign_view(lang: str, slug: str = "room") -> CampaignView:
    return CampaignView(
        key=KEY,
        title=f"Keep the {slug} open",
        summary="For a hundred years a lamp has told the town that the library is open.",
        path=f"/{lang}/{slug}/",
        alternates=tuple(Alternate(render.language(code), f"/{code}/{slug}/") for code in LANGS),
        state=CAMPAIGNS[slug],
        opens=datetime(2026, 1, 2, 8, tzinfo=UTC),
        closes=datetime(2036, 12, 1, 18, tzinfo=UTC),
        picture=picture(),
        social=picture(),
        story=(
            Block(kind="text", html=SafeString(f"<p>{LOREM * 6}</p><h3>Costs</h3><p>{LOREM}</p>")),
            Block(kind="picture", picture=picture(alt="")),
            Block(kind="quote", quote="I learned to read here.", source="Tomas, ferryman"),
        ),
        demands=(DemandView("Keep it open until nine.", "The town council"),) * 2,
        partners=(PartnerView("The Readers", "https://readers.example/"), PartnerView("Boatyard")),
    )


def action_view(lang: str, slug: str = "room", *, counted: int = 1347) -> ActionView:
    return ActionView(
        page=PAGES[slug],
        title="Leave the lamp on",
        path=f"/{lang}/{slug}/sign/",
        alternates=tuple(
            Alternate(render.language(code), f"/{code}/{slug}/sign/") for code in LANGS
        ),
        kind=KINDS["petition"],
        tally=tally(counted, page=PAGES[slug]),
        text=SafeString("<p>To the council: please keep the room open.</p>"),
        asked={
            "given_name": True,
            "family_name": True,
            "email": True,
            "country": False,
            "postcode": False,
            "phone": False,
            "comment": False,
        },
        country="GB",
        questions=(
            QuestionView(field="q_visit", type="line", label="When were you last here?"),
            QuestionView(field="q_why", type="text", label="What is it to you?"),
            QuestionView(
                field="q_day",
                type="choice",
                label="Your best day",
                required=True,
                options=(("mon", "Monday"), ("sat", "Saturday")),
            ),
            QuestionView(field="q_help", type="check", label="I would lend a hand"),
        ),
        consents=(
            ConsentView(purpose="news", text="You may write to me.", versions=("v1", "v2")),
            ConsentView(purpose="hand", text="Hand my name over.", versions=("v1",), required=True),
        ),
        share_text="A lamp says that the library is open. Help us keep it lit:",
        share_subject="Would you sign?",
    )


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
    for lang in LANGS:
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
            site, manifest, {UUID(page): Totals(1500, 1347) for page in PAGES.values()}
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
    home = HomeView(title="What we do", campaigns=tuple(cards), elsewhere=tuple(cards[:1]))
    made.add_page(pages.home(home), f"home.{lang}")
    made.add_page(pages.privacy(notice()), f"privacy.{lang}")
    for page in (*pages.my_data(), *pages.errors(f"/{lang}/errors/")):
        made.add_page(page, page.path)
