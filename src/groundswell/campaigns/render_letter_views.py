"""What the pages of an open letter show beside what every action page does."""

from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from django.utils.safestring import SafeString

from groundswell.campaigns.render_reach_views import TargetView
from groundswell.campaigns.render_views import NO_HTML, ActionView, Picture


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """A first signatory as they stand below the letter.

    `version` is the text they signed, where the letter says something else by now.
    """

    name: str
    role: str = ""
    affiliation: str = ""
    picture: Picture | None = None
    version: int | None = None

    @property
    def about(self) -> str:
        """Role and affiliation, as far as they are known."""
        return ", ".join(part for part in (self.role, self.affiliation) if part)

    @property
    def initials(self) -> str:
        """What stands where a picture would: the first signs of the first and the last name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:]))


@dataclass(frozen=True)
class GroupView:
    """First signatories whom the organiser put together; `title` is empty for those in none."""

    title: str
    people: tuple[PersonView, ...]


@dataclass(frozen=True, kw_only=True)
class NameView:
    """A co-signature that is shown. `number` is what a report of it names.

    `version` is the text that was signed; on the letter's own page only one that says something
    else. `language` is the one it was read in.
    """

    number: int
    name: str
    role: str = ""
    version: int | None = None
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """One text of the letter in this language, and who signed it.

    `changes` is the same text with what was taken out and put in, against the version before it.
    `signed` counts the public's signatures, `people` names the first signatories.
    """

    number: int
    at: datetime
    title: str
    html: SafeString
    note: str = ""
    small: bool = False
    current: bool = False
    before: int | None = None
    changes: SafeString = NO_HTML
    signed: int = 0
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class ToldView:
    """How many signed the letter as it stands, before a small correction, or an earlier text."""

    this: int = 0
    corrected: int = 0
    earlier: int = 0


@dataclass(frozen=True, kw_only=True)
class PressView:
    """What journalists get beside the letter's own pages: lines, and pictures with their makers."""

    facts: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    pictures: tuple[tuple[Picture, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class OpenLetterView(ActionView):
    """An open letter in one language. `text` is the letter; `versions` are its texts, newest first.

    `named` is how many of the public are shown by name; `latest` are the newest of them.
    """

    targets: tuple[TargetView, ...] = ()
    groups: tuple[GroupView, ...] = ()
    latest: tuple[NameView, ...] = ()
    named: int = 0
    versions: tuple[VersionView, ...] = ()
    told: ToldView = field(default_factory=ToldView)
    press: PressView = field(default_factory=PressView)
    embed: bool = False
    texts: tuple[str, ...] = ("1",)

    @property
    def first(self) -> int:
        """How many first signatories there are."""
        return sum(len(group.people) for group in self.groups)

    @property
    def version(self) -> VersionView | None:
        """The text as it stands; None for a letter that was never published."""
        return next((one for one in self.versions if one.current), None)

    @property
    def changed(self) -> bool:
        """Whether the letter ever said something else."""
        return len(self.versions) > 1

    @property
    def signs(self) -> str:
        """The number of the text that the form signs."""
        return self.texts[-1]


def frame(*, url: str, title: str) -> str:
    """The lines another site puts into its page to show the letter that is at `url`."""
    return (
        f'<iframe src="{escape(url)}embed/" title="{escape(title)}" '
        'width="100%" height="560" loading="lazy" style="border:0;max-width:44rem"></iframe>'
    )
