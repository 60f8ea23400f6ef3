"""The direct line's forms: what the list shows, one contact, and the word that erases it."""

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundswell.base import clock
from groundswell.campaigns.widgets_targets import PeoplePicker, listed
from groundswell.directline import queries
from groundswell.directline.models import Entry
from groundswell.directline.queries import Filters
from groundswell.directline.services import Draft
from groundswell.directline.vault import Said
from groundswell.directory import queries as directory
from groundswell.people.queries import may
from groundswell.studio.directline import words

MOST_PARTIES: Final = 50
MOST_WORDS: Final = 20_000
_SLACK: Final = timedelta(minutes=10)  # clocks differ, and a call is logged while it ends


class Day(forms.DateInput):
    """A day, chosen from the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FilterForm(forms.Form):
    """What the list shows. A choice that makes no sense narrows nothing."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("How"), required=False)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=Day())
    until = forms.DateField(label=_("Until"), required=False, widget=Day())
    steps = forms.BooleanField(label=_("Only with a next step that is open"), required=False)
    target = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput())

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        _offer(self, "way", _("Any"), list(words.WAYS.items()))
        _offer(self, "campaign", _("All"), _campaigns())

    def filters(self) -> Filters:
        """The filters as they were chosen."""
        self.is_valid()
        given = self.cleaned_data
        return Filters(
            words=given.get("q", ""),
            target=given.get("target", ""),
            campaign_key=_key(given.get("campaign", "")),
            way=given.get("way", ""),
            since=given.get("since"),
            until=given.get("until"),
            open_steps=given.get("steps", False),
        )

    def chosen(self) -> dict[str, str]:
        """What was chosen, by name, as it stands in an address."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class EntryForm(forms.Form):
    """One contact: whom with, when, what was asked and said, and what is next."""

    way = forms.ChoiceField(
        label=_("How did you speak?"),
        choices=list(words.WAYS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it was a meeting, a call or something else.")},
    )
    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Say on which day and at what time."),
            "invalid": _("This is no day and time. Write it like 2026-11-22T14:30."),
        },
    )
    targets = forms.CharField(
        label=_("Decision makers"), required=False, widget=PeoplePicker(),
        help_text=_("Who decides, from the directory: the senator also when you spoke with staff."),
    )  # fmt: skip
    theirs = forms.CharField(
        label=_("Who of theirs"), required=False, max_length=500,
        help_text=_("Who was there on their side, with what they do: names of staff, for example."),
    )  # fmt: skip
    ours = forms.CharField(label=_("Who of ours"), required=False, max_length=500)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    asked = forms.CharField(
        label=_("What was asked"), required=False, max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    said = forms.CharField(
        label=_("What was said"), required=False, max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 7}),
    )  # fmt: skip
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=500)
    due_on = forms.DateField(
        label=_("Due on"), required=False, widget=Day(),
        error_messages={"invalid": _("This is no day. Write it like 2026-11-29.")},
    )  # fmt: skip
    owner = forms.ChoiceField(
        label=_("Who does it"), required=False,
        help_text=_("They see it on their home page and get a mail on that morning."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False, min_value=1)

    LAST: ClassVar = ("next_step", "due_on", "owner")

    def __init__(self, data: Any, *, known: dict[str, str] | None = None, **kwargs: Any) -> None:
        """`known`: the decision makers that the entry has already, who may be out of office."""
        super().__init__(data, **kwargs)
        self.known = known or {}
        self.people = {str(one.pk): one for one in _keepers()}
        _offer(self, "campaign", _("None"), _campaigns())
        named = [(pk, one.get_full_name() or one.get_username()) for pk, one in self.people.items()]
        _offer(self, "owner", _("Nobody"), named)

    def clean_at(self) -> datetime:
        """What is yet to come was not said yet."""
        at: datetime = self.cleaned_data["at"]
        if at > clock.now() + _SLACK:
            raise forms.ValidationError(
                _("This is in the future. What you plan belongs into the next step.")
            )
        return at

    def clean_targets(self) -> list[tuple[str, str]]:
        """Keys into (key, name). Nobody is taken whom the directory never heard of."""
        keys = [str(key) for key in listed(self.cleaned_data["targets"])]
        if len(keys) > MOST_PARTIES:
            raise forms.ValidationError(
                _("These are too many: take the %(most)s who matter.") % {"most": MOST_PARTIES}
            )
        found = {key: one.name for key, one in directory.targets(keys).items()}
        names = self.known | found
        if missing := [key for key in keys if key not in names]:
            raise forms.ValidationError(
                _("The directory knows nobody of this key: %(keys)s. Take it off, and look again.")
                % {"keys": ", ".join(missing)[:300]}
            )
        return [(key, names[key]) for key in keys]

    def clean(self) -> dict[str, Any]:
        """Ask for the least that makes an entry worth keeping."""
        given = super().clean() or {}
        if "targets" in given and not given["targets"] and not given.get("theirs"):
            self.add_error("targets", _("Say whom you spoke with: here, or below by name."))
        if not given.get("asked") and not given.get("said"):
            self.add_error("said", _("Write what was asked or what was said: a line is enough."))
        if given.get("due_on") and not given.get("next_step"):
            self.add_error("next_step", _("Say what is due on that day."))
        return given

    def draft(self) -> Draft:
        """What the form says. Only of a form that is valid."""
        given = self.cleaned_data
        said = {name: given[name] for name in Said.__struct_fields__}
        return Draft(
            way=given["way"],
            at=given["at"],
            parties=given["targets"],
            campaign_key=_key(given["campaign"]),
            said=Said(**said),
            due_on=given["due_on"],
            owner=self.people.get(given["owner"]) if given["next_step"] else None,
        )


class EraseForm(forms.Form):
    """A word to type, so that nothing is erased by a slip of the finger."""

    word = forms.CharField(
        label=_("Type the word ERASE to go on"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type ERASE, or go back.")},
    )

    def clean_word(self) -> str:
        """Accept the word in any case."""
        word = str(self.cleaned_data["word"]).strip().casefold()
        if word != "erase":
            raise forms.ValidationError(_("This is not the word. Type ERASE, or go back."))
        return word


def blank(by: Any, target: str = "") -> dict[str, Any]:
    """What a new contact begins with."""
    now = timezone.localtime(clock.now(), timezone.get_default_timezone())
    return {
        "way": Entry.Way.MEETING.value,
        "at": now.replace(second=0, microsecond=0),
        "ours": by.get_full_name() or by.get_username(),
        "owner": str(by.pk),
        "targets": json.dumps([target] if target else []),
    }


def filled(entry: Entry, said: Said) -> dict[str, Any]:
    """An entry as its form begins."""
    return {
        "way": entry.way,
        "at": timezone.localtime(entry.at, timezone.get_default_timezone()),
        "targets": json.dumps([party.target for party in entry.parties.all()]),
        "campaign": str(entry.campaign_key or ""),
        "due_on": entry.due_on,
        "owner": str(entry.owner_id or ""),
        "version": entry.version,
        **{name: getattr(said, name) for name in Said.__struct_fields__},
    }


def _keepers() -> list[Any]:
    people = get_user_model().objects.filter(is_active=True).order_by("username")
    return [one for one in people if may(one, queries.READ)]


def _campaigns() -> list[tuple[str, str]]:
    return [(str(key), title) for key, title in words.campaigns().items()]


def _key(text: str) -> UUID | None:
    return UUID(text) if text else None


def _offer(form: forms.Form, name: str, nothing: Any, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
    field.choices = [("", nothing), *choices]
