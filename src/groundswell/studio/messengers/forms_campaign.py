"""The forms of a campaign's People and Links tabs."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.base import clock, env
from groundswell.messengers.models import Involvement, Messenger, TrackedLink
from groundswell.messengers.networks.registry import NETWORKS
from groundswell.studio.home import names
from groundswell.studio.home.cards import CampaignCard

OWN: Final = "own"
WEEKS: Final = (1, 4, 12)
LOCAL: Final = "%Y-%m-%dT%H:%M"


class LocalMoment(forms.DateTimeField):
    """A day and a time as a clock somewhere shows them; the value is that moment."""

    def __init__(self, *, zone: ZoneInfo | None = None, **how: Any) -> None:
        self.zone = zone
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
        super().__init__(widget=widget, **how)

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self._there()).strftime(LOCAL) if _is_moment(value) else value

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        if moment is None:
            return None
        there = timezone.localtime(moment).replace(tzinfo=self._there())
        try:
            return there.astimezone(UTC)
        except OverflowError as error:
            raise forms.ValidationError(_("Choose a day that is nearer.")) from error

    def _there(self) -> Any:
        return self.zone or timezone.get_default_timezone()


class InviteForm(forms.Form):
    """Who joins a campaign."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("From the roster"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one messenger.")},
    )

    def __init__(self, data: Any, *, free: list[Messenger]) -> None:
        super().__init__(data)
        self.by_key = {one.key.hex: one for one in free}
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  declared above
        field.choices = [
            (key, " · ".join(filter(None, (one.name, one.role))))
            for key, one in self.by_key.items()
        ]

    def chosen(self) -> list[Messenger]:
        """Those who were ticked."""
        return [self.by_key[key] for key in self.cleaned_data["people"]]


class PartForm(forms.Form):
    """What was agreed with a messenger for a campaign."""

    scheduled_at = LocalMoment(
        label=gettext_lazy("When they post"),
        required=False,
        error_messages={"invalid": gettext_lazy("Write the day and the time.")},
    )
    disclosure = forms.CharField(
        label=gettext_lazy("Disclosure"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "What the law where they live wants a post to say, like: Unpaid partnership. It goes"
            " into their texts."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Notes for colleagues"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, *, part: Involvement) -> None:
        said = {
            "scheduled_at": part.scheduled_at,
            "disclosure": part.disclosure,
            "note": part.note,
        }
        super().__init__(data, initial=said)
        if part.messenger.time_zone:
            self.fields["scheduled_at"].zone = ZoneInfo(part.messenger.time_zone)  # type: ignore[attr-defined]
            self.fields["scheduled_at"].help_text = _("As their clock shows it: %(zone)s.") % {
                "zone": part.messenger.time_zone.replace("_", " ")
            }
        else:
            self.fields["scheduled_at"].help_text = _(
                "As your clock shows it: their time zone is not in the roster yet."
            )


class PrivateForm(forms.Form):
    """How long a private link works."""

    weeks = forms.TypedChoiceField(
        label=gettext_lazy("Works for"), coerce=int, initial=str(WEEKS[1])
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        words = (_("one week"), _("four weeks"), _("twelve weeks"))
        choices = [(str(number), text) for number, text in zip(WEEKS, words, strict=True)]
        self.fields["weeks"].choices = choices  # type: ignore[attr-defined]

    def expires_at(self) -> datetime:
        """When the link stops working."""
        return clock.now() + timedelta(weeks=self.cleaned_data["weeks"])


class PostForm(forms.Form):
    """What a messenger did post."""

    network = forms.ChoiceField(
        label=gettext_lazy("Network"),
        choices=[(one.code, one.label) for one in NETWORKS.values()],
    )
    at = LocalMoment(
        label=gettext_lazy("When"),
        help_text=gettext_lazy("As your clock shows it."),
        error_messages={
            "required": gettext_lazy("Write when they posted."),
            "invalid": gettext_lazy("Write the day and the time."),
        },
    )
    url = forms.URLField(
        label=gettext_lazy("Address of the post"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    link = forms.ChoiceField(label=gettext_lazy("With this link"), required=False)

    def __init__(self, data: Any = None, *, links: list[TrackedLink]) -> None:
        super().__init__(data, initial={"at": clock.now()})
        self.by_code = {one.code: one for one in links}
        field = self.fields["link"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", _("we do not know")), *((one.code, link_words(one)) for one in links)]

    def clean_at(self) -> datetime:
        moment: datetime = self.cleaned_data["at"]
        if moment > clock.now() + timedelta(minutes=5):
            raise forms.ValidationError(
                _("That is still to come. Plan it above; note it here once it is out.")
            )
        return moment

    def said(self) -> dict[str, Any]:
        """What `services.add_post` is given."""
        link = self.by_code.get(self.cleaned_data["link"])
        return {
            "network": self.cleaned_data["network"],
            "at": self.cleaned_data["at"],
            "url": self.cleaned_data["url"],
            "link": link,
            "language": link.language if link else "",
        }


class LinksForm(forms.Form):
    """Links for messengers × networks × languages, all in one go."""

    page = forms.ChoiceField(label=gettext_lazy("Where they lead"))
    who = forms.MultipleChoiceField(
        label=gettext_lazy("For whom"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one messenger.")},
    )
    networks = forms.MultipleChoiceField(
        label=gettext_lazy("For which networks"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(one.code, one.label) for one in NETWORKS.values()],
        error_messages={"required": gettext_lazy("Choose at least one network.")},
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("To which language of the page"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )

    def __init__(self, data: Any, *, card: CampaignCard, parts: list[Involvement]) -> None:
        super().__init__(data)
        self.people = {part.messenger.key.hex: part.messenger for part in parts}
        own = (OWN, _("The campaign itself"))
        self._offer("who", [*((key, one.name) for key, one in self.people.items()), own])
        self._offer("page", pages(card))
        codes = [code for code in env.load().language_codes if code in _live(card)]
        self._offer(
            "languages",
            [*((code, names.language(code)) for code in codes), (OWN, _("The visitor's own"))],
        )

    def wish(self) -> dict[str, Any]:
        """What `services_links.make_links` is given."""
        said = self.cleaned_data
        return {
            "messengers": [self.people.get(key) for key in said["who"]],
            "networks": said["networks"],
            "languages": ["" if code == OWN else code for code in said["languages"]],
        }

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = choices


class NameForm(forms.Form):
    """A link's name for people."""

    alias = forms.CharField(
        label=gettext_lazy("Name for people"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "For posters and for saying it aloud. The short code goes on working beside it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


def pages(card: CampaignCard) -> list[tuple[str, str]]:
    """Where a campaign's links can lead: what people can do first, then the campaign's page."""
    found = [
        (one.key.hex, f"{one.page.title} ({one.kind_words})") for one in card.pages if one.is_public
    ]
    own = _("%(title)s (the campaign's page)") % {"title": card.page.title}
    return [*found, (card.page.translation_key.hex, own)]


def link_words(link: TrackedLink) -> str:
    """A link as a line: network, language, name."""
    network = NETWORKS[link.network].label if link.network in NETWORKS else link.network
    language = names.language(link.language) if link.language else _("visitor's language")
    return " · ".join(filter(None, (network, language, f"/k/{link.name}")))


def _live(card: CampaignCard) -> set[str]:
    pages_live = {page.language for one in card.pages for page in one.versions if page.live}
    return pages_live | {page.language for page in card.versions if page.live}


def _is_moment(value: Any) -> bool:
    return isinstance(value, datetime)
