"""What the pages of letters and calls show beside what every action page does."""

import json
from dataclasses import dataclass

from django.utils.safestring import SafeString

from groundswell.campaigns.render_views import NO_HTML, ActionView, ConsentView
from groundswell.kinds.kind import Words
from groundswell.kinds.letter.kind import BY_REACH, Reach


@dataclass(frozen=True, kw_only=True)
class OfficeView:
    """One of somebody's offices."""

    city: str = ""
    phone: str = ""
    address: str = ""
    hours: str = ""
    zone: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, kw_only=True)
class TargetView:
    """A decision maker, with what is public about the office."""

    key: str
    name: str
    role: str = ""
    organization: str = ""
    party: str = ""
    salutation: str = ""
    kind: str = ""
    group: str = ""
    channel: str = ""
    form: str = ""
    url: str = ""
    phone: str = ""
    address: str = ""
    hours: str = ""
    zone: str = ""
    offices: tuple[OfficeView, ...] = ()

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the page's script reads, by the names of its attributes; empty ones left out."""
        named = {
            "data-name": self.name,
            "data-role": self.role,
            "data-organization": self.organization,
            "data-party": self.party,
            "data-salutation": self.salutation,
            "data-kind": self.kind,
            "data-group": self.group,
            "data-channel": self.channel,
            "data-form": self.form,
            "data-url": self.url,
            "data-phone": self.phone,
            "data-address": self.address,
            "data-hours": self.hours,
            "data-zone": self.zone,
            "data-offices": self._offices(),
        }
        return [(name, value) for name, value in named.items() if value]

    def _offices(self) -> str:
        rows = [
            {name: value for name, value in vars(one).items() if value not in {"", None}}
            for one in self.offices
        ]
        return json.dumps(rows, ensure_ascii=False) if rows else ""


@dataclass(frozen=True, kw_only=True)
class TextView:
    """One text of a letter, and whom it is for: `own` kinds of office and the `targets`."""

    group: str
    label: str
    subject: str
    body: str
    limit: int
    own: tuple[str, ...] = ()
    targets: tuple[TargetView, ...] = ()

    @property
    def suffix(self) -> str:
        return f"_{self.group}" if self.group else ""

    @property
    def kinds(self) -> str:
        return " ".join(self.own)

    @property
    def subject_name(self) -> str:
        return f"subject{self.suffix}"

    @property
    def body_name(self) -> str:
        return f"body{self.suffix}"

    @property
    def rows(self) -> int:
        """How high the box should be for its text to be seen whole, within reason."""
        return min(max(self.body.count("\n") + len(self.body) // 70 + 3, 10), 26)


@dataclass(frozen=True)
class PointView:
    """A sentence to tick."""

    field: str
    label: str
    text: str


@dataclass(frozen=True)
class AnswerView:
    """What somebody on the telephone may say, and what to answer."""

    asked: str
    reply: SafeString


@dataclass(frozen=True, kw_only=True)
class ReachView(ActionView):
    """An action that goes to decision makers. `lookup` is the country that `own` are found in."""

    lookup: str = ""
    own: tuple[str, ...] = ()
    targets: tuple[TargetView, ...] = ()

    @property
    def kinds(self) -> str:
        return " ".join(self.own)


@dataclass(frozen=True, kw_only=True)
class LetterView(ReachView):
    """A letter page in one language."""

    texts: tuple[TextView, ...] = ()
    points: tuple[PointView, ...] = ()
    channels: tuple[str, ...] = ()
    reached: Reach = "some"

    @property
    def said(self) -> Words:
        """What is true of whom this page is for: some offices take nothing from us."""
        return BY_REACH[self.reached]

    @property
    def ways(self) -> str:
        return " ".join(self.channels)


@dataclass(frozen=True, kw_only=True)
class CallView(ReachView):
    """A call page in one language. `ring` is the consent to be rung, where that is offered."""

    ring: ConsentView | None = None
    opening: str = ""
    say: SafeString = NO_HTML
    closing: str = ""
    answers: tuple[AnswerView, ...] = ()

    @property
    def boxes(self) -> tuple[ConsentView, ...]:
        return (*self.consents, *([self.ring] if self.ring else []))
