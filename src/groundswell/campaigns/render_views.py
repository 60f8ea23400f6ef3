"""What a public page shows, as frozen records: templates see these and nothing of the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.utils.safestring import SafeString

from groundswell.kinds.kind import Kind, Words

NO_HTML: Final = SafeString("")
State = Literal["open", "soon", "closed"]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as published. `absolute` is for those who read the page from elsewhere."""

    src: str
    width: int
    height: int
    alt: str = ""
    srcset: str = ""
    absolute: str = ""


@dataclass(frozen=True)
class Language:
    """A language of the site: `code` en, `name` in its own words, `dir` ltr or rtl."""

    code: str
    name: str
    dir: str


@dataclass(frozen=True)
class Alternate:
    """The same page in a language."""

    language: Language
    path: str


@dataclass(frozen=True, kw_only=True)
class SiteView:
    """What every page of one language shares."""

    name: str
    url: str
    language: Language
    homes: tuple[Alternate, ...]
    main: str
    logo: Picture | None = None
    website: str = ""
    email: str = ""

    @property
    def home(self) -> str:
        return f"/{self.language.code}/"

    @property
    def privacy(self) -> str:
        return f"/{self.language.code}/privacy/"


@dataclass(frozen=True, kw_only=True)
class TallyView:
    """The count of one action page."""

    page: str
    counted: int
    collected: int
    goal: int
    kind: Kind


@dataclass(frozen=True)
class DemandView:
    text: str
    addressee: str


@dataclass(frozen=True)
class PartnerView:
    name: str
    url: str = ""
    logo: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class Block:
    """One part of a story: `kind` is text, picture or quote."""

    kind: Literal["text", "picture", "quote"]
    html: SafeString = NO_HTML
    picture: Picture | None = None
    quote: str = ""
    source: str = ""


@dataclass(frozen=True)
class ActionCard:
    """An action page as a campaign lists it."""

    title: str
    path: str
    state: State
    tally: TallyView
    kind: Kind


@dataclass(frozen=True, kw_only=True)
class CampaignView:
    """A campaign in one language, without its action pages."""

    key: UUID
    title: str
    summary: str
    path: str
    alternates: tuple[Alternate, ...]
    state: State
    opens: datetime | None = None
    closes: datetime | None = None
    picture: Picture | None = None
    social: Picture | None = None
    story: tuple[Block, ...] = ()
    demands: tuple[DemandView, ...] = ()
    partners: tuple[PartnerView, ...] = ()
    seo_title: str = ""
    description: str = ""

    @property
    def privacy(self) -> str:
        return self.path + "privacy/"


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    """An organiser's own question; `options` are (value, words)."""

    field: str
    type: Literal["line", "text", "choice", "check"]
    label: str
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConsentView:
    """A consent box: `versions` are those of all texts ever shown, the current one last."""

    purpose: str
    text: str
    versions: tuple[str, ...]
    required: bool = False

    @property
    def name(self) -> str:
        return f"consent_{self.purpose}"

    @property
    def version(self) -> str:
        return self.versions[-1]


@dataclass(frozen=True, kw_only=True)
class ActionView:
    """An action page in one language."""

    page: str
    title: str
    path: str
    alternates: tuple[Alternate, ...]
    kind: Kind
    tally: TallyView
    text: SafeString
    asked: dict[str, bool]
    country: str = ""
    questions: tuple[QuestionView, ...] = ()
    consents: tuple[ConsentView, ...] = ()
    thanks_title: str = ""
    thanks_text: SafeString = NO_HTML
    share_text: str = ""
    share_subject: str = ""
    seo_title: str = ""
    description: str = ""

    @property
    def said(self) -> Words:
        """What the pages around the form say."""
        return self.kind.words

    @property
    def boxes(self) -> tuple[ConsentView, ...]:
        """Every consent that is asked for, on this page and on those that belong to it."""
        return self.consents


@dataclass(frozen=True, kw_only=True)
class CampaignCard:
    """A campaign as the site's home lists it, in the language it is to be had in."""

    title: str
    summary: str
    path: str
    state: State
    language: Language
    picture: Picture | None = None
    tally: TallyView | None = None


@dataclass(frozen=True, kw_only=True)
class HomeView:
    """The site's first page in one language."""

    title: str
    intro: SafeString = NO_HTML
    campaigns: tuple[CampaignCard, ...] = ()
    elsewhere: tuple[CampaignCard, ...] = ()
    description: str = ""
