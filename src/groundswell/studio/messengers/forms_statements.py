"""The forms of the Texts tab: where a text is for, the text itself, copies, sources."""

from typing import Any, Final
from uuid import UUID

from babel import Locale
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.base import env
from groundswell.messengers import links as door
from groundswell.messengers.models import Involvement, Messenger, Source, Statement, TrackedLink
from groundswell.messengers.networks import NETWORKS
from groundswell.messengers.queries_statements import Row
from groundswell.messengers.services_claims import Reference
from groundswell.messengers.services_copies import Place
from groundswell.messengers.services_statements import Times
from groundswell.studio.home import names
from groundswell.studio.home.cards import CampaignCard
from groundswell.studio.messengers import times

TEXT_MAX: Final = 100_000
NEW_LINK: Final = "new:"
ALL: Final = "all"
_EMPTY: Final[list[tuple[str, Any]]] = [("", "—")]


def networks() -> list[tuple[str, str]]:
    """Every network a text can be for."""
    return [(one.code, one.label) for one in NETWORKS.values()]


def languages(parts: list[Involvement]) -> list[Any]:
    """The site's and the messengers' languages first, then all that CLDR knows by two letters."""
    near = list(
        dict.fromkeys(
            [*env.load().language_codes, *(c for one in parts for c in one.messenger.languages)]
        )
    )
    every = sorted(
        (
            (code, names.language(code))
            for code in map(str, Locale("en").languages)
            if len(code) == 2
        ),
        key=lambda one: one[1].casefold(),
    )
    rest = [one for one in every if one[0] not in near]
    return [(_("In this campaign"), [(c, names.language(c)) for c in near]), (_("All"), rest)]


class FilterForm(forms.Form):
    """Which texts the overview shows."""

    messenger = forms.ChoiceField(label=gettext_lazy("Messenger"), required=False)
    network = forms.ChoiceField(label=gettext_lazy("Network"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, data: Any, *, rows: list[Row]) -> None:
        super().__init__(data)
        people = {one.one.messenger for one in rows if one.one.messenger}
        codes = sorted({one.one.language for one in rows}, key=names.language)
        used = {one.one.network for one in rows}
        self._offer("messenger", [(ALL, _("For all")), *((p.key.hex, p.name) for p in people)])
        self._offer("network", [one for one in networks() if one[0] in used])
        self._offer("language", [(code, names.language(code)) for code in codes])
        self._offer("state", [(code, str(words)) for code, words in STATES.items()])

    def shown(self, rows: list[Row]) -> list[Row]:
        """The rows asked for; a choice that makes no sense filters nothing."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return [one for one in rows if all(_has(one, *each) for each in said.items())]

    def _offer(self, name: str, found: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", _("All")), *found]


STATES: Final = {
    "draft": gettext_lazy("Draft"),
    "unsourced": gettext_lazy("With an unsourced claim"),
    "waiting": gettext_lazy("Waits for their yes"),
    "approved": gettext_lazy("Approved by both"),
}


def _has(row: Row, name: str, value: str) -> bool:
    if name == "messenger":
        return (row.one.messenger.key.hex if row.one.messenger else ALL) == value
    if name == "state":
        return bool(row.open_claims) if value == "unsourced" else row.state == value
    return bool(getattr(row.one, name) == value)


class WhereForm(forms.Form):
    """Whose text it is, for which network, in which language. It cannot be changed later."""

    messenger = forms.ChoiceField(label=gettext_lazy("Messenger"))
    network = forms.ChoiceField(label=gettext_lazy("Network"))
    language = forms.ChoiceField(label=gettext_lazy("Language"))

    def __init__(self, data: Any, *, parts: list[Involvement], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.by_key = {one.messenger.key.hex: one.messenger for one in parts}
        people = [(key, one.name) for key, one in self.by_key.items()]
        _choices(self, "messenger", [(ALL, _("For all of them")), *people])
        _choices(self, "network", networks())
        _choices(self, "language", languages(parts))

    def messenger_of(self) -> Messenger | None:
        """Whose it will be, as far as was chosen; None for all."""
        return self.by_key.get(self.said("messenger"))

    def said(self, name: str) -> str:
        """What is chosen at this moment, valid or not."""
        value = self[name].value()
        known = [code for code, _words in _flat(self.fields[name])]
        return value if value in known else known[0]


class TextForm(forms.Form):
    """The words, what the law wants said with them, the link, and when."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=TEXT_MAX,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto", "class": "gw-write"}),
        help_text=gettext_lazy("Write {link} where the link goes."),
    )
    disclosure = forms.CharField(
        label=gettext_lazy("Disclosure"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy(
            "What the law wants said, like: Advertisement. It stands first, and counts."
        ),
    )
    link = forms.ChoiceField(label=gettext_lazy("Link"), required=False)
    zone = forms.ChoiceField(label=gettext_lazy("Whose clock"), required=False)
    suggested = forms.CharField(
        label=gettext_lazy("Suggested time"),
        required=False,
        widget=forms.TextInput(attrs={"type": "datetime-local"}),
    )
    embargo = forms.CharField(
        label=gettext_lazy("Not before (embargo)"),
        required=False,
        widget=forms.TextInput(attrs={"type": "datetime-local"}),
    )
    edit = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        card: CampaignCard,
        messenger: Messenger | None,
        network: str,
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.links = _fitting(card.page.translation_key, messenger, network)
        _choices(self, "link", [*_EMPTY, *_links(self.links, card)])
        zones = times.zones(messenger)
        _choices(self, "zone", [(one, _zone(one, messenger)) for one in zones])
        self.fields["zone"].initial = zones[0]

    def clean_text(self) -> str:
        """The text without the carriage returns that browsers send, nor space around it."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").replace("\x00", "").strip()

    def clean(self) -> dict[str, Any]:
        """Read both times on the chosen clock; the post must not come before the embargo ends."""
        said: dict[str, Any] = super().clean() or {}
        for name in ("suggested", "embargo"):
            try:
                said[name] = times.read(said.get(name, ""), self.clock())
            except times.NoSuchTime as wrong:
                self.add_error(name, str(wrong))
        if not self.errors and said["suggested"] and said["embargo"]:  # noqa: SIM102
            if said["suggested"] < said["embargo"]:
                self.add_error("suggested", _("This is before the embargo ends."))
        return said

    def clock(self) -> str:
        """The zone the times are typed in."""
        known = [code for code, _words in _flat(self.fields["zone"])]
        value = self["zone"].value()
        return value if value in known else known[0]

    def times(self) -> Times:
        """When it should go out, and before when it must not."""
        return Times(self.cleaned_data["suggested"], self.cleaned_data["embargo"])

    def chosen_link(self) -> TrackedLink | None:
        """The link that is chosen, valid or not; None for none and for one still to be made."""
        value = self["link"].value() or ""
        return next((one for one in self.links if str(one.pk) == value), None)

    def new_link_to(self) -> UUID | None:
        """The page a link shall be made to."""
        value = self["link"].value() or ""
        known = [code for code, _words in _flat(self.fields["link"])]
        return (
            UUID(value[len(NEW_LINK) :]) if value.startswith(NEW_LINK) and value in known else None
        )


def text_initial(row: Row) -> dict[str, Any]:
    """A text as the editor shows it first."""
    zone = times.zones(row.one.messenger)[0]
    return {
        "text": row.last.text,
        "disclosure": row.last.disclosure,
        "link": str(row.one.link_id or ""),
        "zone": zone,
        "suggested": times.typed(row.one.suggested_at, zone),
        "embargo": times.typed(row.one.embargo_until, zone),
        "edit": row.one.edit,
    }


class ManyForm(forms.Form):
    """For whom one text is copied: each messenger, on each network, in each language."""

    messengers = forms.MultipleChoiceField(
        label=gettext_lazy("Messengers"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one messenger.")},
    )
    own = forms.BooleanField(
        label=gettext_lazy("Only on networks where the messenger has an account"),
        required=False,
        initial=True,
    )
    networks = forms.MultipleChoiceField(
        label=gettext_lazy("Networks"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one network.")},
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=TEXT_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Write the text.")},
        help_text=gettext_lazy("Write {link} where each one's own link goes."),
    )
    page = forms.ChoiceField(label=gettext_lazy("Where the links lead"), required=False)

    def __init__(
        self, data: Any, *, card: CampaignCard, parts: list[Involvement], initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.by_key = {one.messenger.key.hex: one.messenger for one in parts}
        _choices(self, "messengers", [(key, one.name) for key, one in self.by_key.items()])
        _choices(self, "networks", networks())
        _choices(self, "language", languages(parts))
        _choices(self, "page", [*_EMPTY, *((k.hex, title) for k, title in _pages(card))])

    def clean(self) -> dict[str, Any]:
        """At least one messenger must be on one of the networks."""
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.places():
            self.add_error("networks", _("None of them has an account on these networks."))
        return said

    def places(self) -> list[Place]:
        """Each place a text goes to, most followed messengers first."""
        said = self.cleaned_data
        return [
            Place(one.pk, network, said["language"])
            for one in (self.by_key[key] for key in said["messengers"])
            for network in said["networks"]
            if not said["own"] or network in {row.network for row in one.profiles.all()}
        ]


class LanguageForm(forms.Form):
    """Into which languages a text is carried over."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )

    def __init__(self, data: Any, *, parts: list[Involvement], one: Statement) -> None:
        super().__init__(data)
        near = languages(parts)[0][1]
        _choices(self, "languages", [pair for pair in near if pair[0] != one.language])


class SourceForm(forms.Form):
    """Where a fact stands."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=250,
        error_messages={"required": gettext_lazy("Write the title of the study or article.")},
    )
    publisher = forms.CharField(label=gettext_lazy("Published by"), max_length=200, required=False)
    url = forms.URLField(
        label=gettext_lazy("Address"), max_length=500, required=False, assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Write a whole address, like https://….")},
    )  # fmt: skip
    published_on = forms.DateField(
        label=gettext_lazy("Published on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    quote = forms.CharField(
        label=gettext_lazy("The words in it that matter"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, data: Any, *, row: Source | None = None) -> None:
        names_of = ("title", "publisher", "url", "published_on", "quote")
        super().__init__(
            data, initial={name: getattr(row, name) for name in names_of} if row else None
        )

    def reference(self) -> Reference:
        """What was typed."""
        return Reference(**self.cleaned_data)


def _fitting(campaign_key: UUID, messenger: Messenger | None, network: str) -> list[TrackedLink]:
    """The links a text may carry: the messenger's own for this network or any, and ours."""
    rows = TrackedLink.objects.filter(campaign_key=campaign_key, retired_at=None)
    fitting = [
        one
        for one in rows
        if one.network in {"", network} and one.messenger_id in {None, messenger and messenger.pk}
    ]
    return sorted(fitting, key=lambda one: (one.messenger_id is None, not one.network, one.pk))


def _links(found: list[TrackedLink], card: CampaignCard) -> list[tuple[str, Any]]:
    titles = dict(_pages(card))
    shown: list[tuple[str, Any]] = [
        (str(one.pk), f"{door.address(one)} → {_led(one, titles)}") for one in found
    ]
    new = [
        (f"{NEW_LINK}{key.hex}", _("A new link to “%(page)s”") % {"page": title})
        for key, title in _pages(card)
    ]
    return [*shown, *new]


def _led(link: TrackedLink, titles: dict[UUID, str]) -> str:
    whose = "" if link.messenger_id else f" ({_('the campaign’s own')})"
    into = f", {names.language(link.language)}" if link.language else ""
    return f"{titles.get(link.page_key, _('a page that is gone'))}{into}{whose}"


def _pages(card: CampaignCard) -> list[tuple[UUID, str]]:
    """What a link can lead to: each action page, and the campaign itself."""
    campaign = (card.page.translation_key, str(card.page.title))
    return [*((one.key, str(one.page.title)) for one in card.pages), campaign]


def _zone(zone: str, messenger: Messenger | None) -> str:
    where = zone.replace("_", " ")
    if messenger and messenger.time_zone == zone:
        return _("%(name)s’s: %(zone)s") % {"name": messenger.name, "zone": where}
    return _("Yours: %(zone)s") % {"zone": where}


def _choices(form: forms.Form, name: str, found: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared in the class
    field.choices = found


def _flat(field: Any) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for code, words in field.choices:
        found += words if isinstance(words, list | tuple) else [(code, words)]
    return found
