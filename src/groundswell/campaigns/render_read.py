"""Models to views: the only place where a public page meets the database."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from groundswell.base import env, ids
from groundswell.campaigns import queries, render_read_letter, render_read_reach, social
from groundswell.campaigns.counters import Totals
from groundswell.campaigns.models import (
    ActionPage,
    CallPage,
    Campaign,
    ConsentBox,
    LetterPage,
    OpenLetterPage,
    Organisation,
    SiteHome,
)
from groundswell.campaigns.render import language, plain
from groundswell.campaigns.render_media import CARD, LEAD, STORY, Pictures
from groundswell.campaigns.render_text import rich
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


class Reader:
    """Reads pages into views, at one moment, with one set of totals."""

    def __init__(self, *, now: datetime, totals: Mapping[UUID, Totals], pictures: Pictures) -> None:
        self._now = now
        self._totals = totals
        self._pictures = pictures

    def site(self, lang: str) -> SiteView:
        """What every page of a language shares."""
        organisation = Organisation.load()
        settings = env.load()
        codes = languages()
        return SiteView(
            name=organisation_name(),
            url=settings.public_url.rstrip("/"),
            language=language(lang),
            homes=tuple(Alternate(language(code), f"/{code}/") for code in codes),
            main=codes[0],
            logo=self._pictures.logo(organisation.logo),
            website=organisation.website,
            email=organisation.email,
        )

    def home(self, page: SiteHome) -> HomeView:
        """A site home with its live campaigns, the open ones first."""
        campaigns = list(_newest(Campaign.objects.child_of(page).live()))
        return HomeView(
            title=plain(page.title) if page.title != env.load().site_name else organisation_name(),
            intro=rich(page.intro),
            campaigns=self._cards(campaigns),
            elsewhere=self._cards(_elsewhere(campaigns)),
            description=plain(page.search_description),
        )

    def campaign(self, page: Campaign) -> CampaignView:
        """A campaign in one language."""
        alt = "" if page.lead_picture_decorative else plain(page.lead_picture_alt)
        return CampaignView(
            key=page.translation_key,
            title=plain(page.title),
            summary=plain(page.summary),
            path=page.public_path,
            alternates=alternates(page),
            state=state(page, self._now),
            opens=page.opens_at,
            closes=page.closes_at,
            picture=self._pictures.sized(page.lead_picture, LEAD, alt=alt),
            social=social.chosen(page.translation_key, page.language)
            or self._pictures.social(page.lead_picture, alt=alt),
            story=tuple(self._block(block) for block in page.story),
            demands=tuple(
                DemandView(plain(one.text), plain(one.addressee)) for one in page.demands.all()
            ),
            partners=tuple(
                PartnerView(plain(one.name), one.url, self._pictures.logo(one.logo))
                for one in page.partners.all()
            ),
            seo_title=plain(page.seo_title),
            description=plain(page.search_description),
        )

    def action(self, page: ActionPage, campaign: Campaign) -> ActionView:
        """An action page in one language, of whichever kind."""
        shared = self._shared(page, campaign)
        if isinstance(page, LetterPage):
            return render_read_reach.letter(page, shared)
        if isinstance(page, CallPage):
            return render_read_reach.call(page, shared)
        if isinstance(page, OpenLetterPage):
            return render_read_letter.open_letter(page, shared, self._pictures)
        return ActionView(**shared)

    def _shared(self, page: ActionPage, campaign: Campaign) -> dict[str, Any]:
        return {
            "page": page.page_key.hex,
            "title": plain(page.title),
            "path": page.public_path,
            "alternates": alternates(page),
            "kind": KINDS[page.kind],
            "tally": self._tally(page, campaign),
            "text": rich(page.text),
            "asked": dict(page.asks()),
            "country": page.default_country or Organisation.load().country,
            "questions": tuple(_question(one) for one in page.questions.all()),
            "consents": tuple(_consent(page, one) for one in page.consents()),
            "thanks_title": plain(page.thanks_title),
            "thanks_text": rich(page.thanks_text),
            "share_text": plain(page.share_text) or plain(page.title),
            "share_subject": plain(page.share_subject) or plain(page.title),
            "seo_title": plain(page.seo_title),
            "description": plain(page.search_description),
        }

    def action_card(self, page: ActionPage, campaign: Campaign) -> ActionCard:
        """An action page as its campaign lists it."""
        return ActionCard(
            plain(page.title),
            page.public_path,
            state(campaign, self._now),
            self._tally(page, campaign),
            KINDS[page.kind],
        )

    def _cards(self, campaigns: Iterable[Campaign]) -> tuple[CampaignCard, ...]:
        cards = [self._card(campaign) for campaign in campaigns]
        return tuple(sorted(cards, key=lambda card: card.state == "closed"))

    def _card(self, campaign: Campaign) -> CampaignCard:
        first = live_actions(campaign).first()
        alt = "" if campaign.lead_picture_decorative else plain(campaign.lead_picture_alt)
        return CampaignCard(
            title=plain(campaign.title),
            summary=plain(campaign.summary),
            path=campaign.public_path,
            state=state(campaign, self._now),
            language=language(campaign.language),
            picture=self._pictures.sized(campaign.lead_picture, CARD, alt=alt),
            tally=self._tally(first, campaign) if first else None,
        )

    def _tally(self, page: ActionPage, campaign: Campaign) -> TallyView:
        totals = self._totals.get(page.page_key, Totals(0, 0))
        return TallyView(
            page=page.page_key.hex,
            counted=totals.counted(KINDS[page.kind]),
            collected=totals.collected,
            goal=campaign.goal,
            kind=KINDS[page.kind],
        )

    def _block(self, block: Any) -> Block:
        if block.block_type == "picture":
            return Block(kind="picture", picture=self._story_picture(block.value))
        if block.block_type == "quote":
            source = plain(block.value.get("source") or "")
            return Block(kind="quote", quote=plain(block.value["text"]), source=source)
        return Block(kind="text", html=rich(block.value.source))

    def _story_picture(self, image: Any) -> Picture | None:
        if image is None:
            return None
        alt = "" if image.decorative else plain(image.contextual_alt_text or "")
        return self._pictures.sized(image, STORY, alt=alt)


def organisation_name() -> str:
    """The name the public pages go by."""
    return plain(Organisation.load().name) or env.load().site_name


def state(campaign: Campaign, now: datetime) -> State:
    """Whether a campaign is open at a moment."""
    if campaign.closes_at and campaign.closes_at <= now:
        return "closed"
    if campaign.opens_at and campaign.opens_at > now:
        return "soon"
    return "open"


def languages() -> list[str]:
    """The languages that have a live site home, in the order of the settings; never empty."""
    codes = env.load().language_codes
    live = set(SiteHome.objects.live().values_list("locale__language_code", flat=True))
    return [code for code in codes if code in live] or codes[:1]


def live_actions(campaign: Campaign) -> Any:
    """A campaign's live action pages, in the organiser's order."""
    return ActionPage.objects.child_of(campaign).live().order_by("path").specific()


def alternates(page: Campaign | ActionPage | SiteHome) -> tuple[Alternate, ...]:
    """The live translations of a page, itself included, in the order of the settings."""
    codes = env.load().language_codes
    # A draft on a preview has no live row of its own yet, but it is one of its languages.
    paths = {page.language: page.public_path}
    for other in type(page).objects.live().filter(translation_key=page.translation_key):
        if other.pk != page.pk and reachable(other):
            paths[other.language] = other.public_path
    ordered = sorted(paths, key=lambda code: codes.index(code) if code in codes else len(codes))
    return tuple(Alternate(language(code), paths[code]) for code in ordered)


def _newest(campaigns: Any) -> Any:
    return campaigns.order_by("-first_published_at", "path")


def _elsewhere(here: list[Campaign]) -> list[Campaign]:
    """Campaigns that can be had in another language only, each in the first of the settings."""
    known = {campaign.translation_key for campaign in here}
    found: dict[UUID, Campaign] = {}
    for code in env.load().language_codes:
        others = _newest(Campaign.objects.live().filter(locale__language_code=code))
        for campaign in others.exclude(translation_key__in=known):
            if reachable(campaign):
                found.setdefault(campaign.translation_key, campaign)
    return list(found.values())


def reachable(page: Campaign | ActionPage | SiteHome) -> bool:
    """Whether all above a page is live too: below a hidden campaign nothing is published."""
    return not page.get_ancestors().filter(depth__gt=1, live=False).exists()


def _question(question: Any) -> QuestionView:
    return QuestionView(
        field=question.field,
        type=question.type,
        label=plain(question.label),
        required=question.required,
        options=tuple((value, plain(words)) for value, words in question.options()),
    )


def _consent(page: ActionPage, box: ConsentBox) -> ConsentView:
    current = ids.text_version(purpose=box.purpose, text=box.text)
    shown = queries.consent_versions(
        page_key=page.page_key, purpose=box.purpose, language=page.language
    )
    older = [version for version in shown if version != current]
    return ConsentView(
        purpose=box.purpose,
        text=plain(box.text),
        versions=(*older, current),
        required=box.required,
    )
