"""Views for the sample site: what pages show, without a database, in two languages."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.utils.safestring import SafeString

from groundswell.campaigns import render
from groundswell.campaigns.render_views import (
    ActionView,
    Alternate,
    Block,
    CampaignView,
    ConsentView,
    DemandView,
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
