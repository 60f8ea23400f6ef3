"""The roster's forms: a messenger, their accounts, a group, a spreadsheet."""

from datetime import date
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import available_timezones

from babel import Locale
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from groundswell.base import clock
from groundswell.messengers import contact as contacts
from groundswell.messengers import queries, roster_csv
from groundswell.messengers.contact import Contact
from groundswell.messengers.models import Group, Messenger
from groundswell.messengers.networks.registry import NETWORKS
from groundswell.messengers.services import Account, Person
from groundswell.studio.home import names

EMPTY_ACCOUNTS: Final = 3
MOST_BYTES: Final = 1024 * 1024


class FilterForm(forms.Form):
    """What the roster shows."""

    q = forms.CharField(
        label=gettext_lazy("Name, role, handle or group"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "search"}),
    )
    group = forms.ChoiceField(label=pgettext_lazy("messengers", "Group"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    archived = forms.BooleanField(label=gettext_lazy("Archived ones"), required=False)

    def __init__(self, data: Any, *, everybody: list[Messenger]) -> None:
        super().__init__(data)
        codes = sorted({code for one in everybody for code in one.languages}, key=names.language)
        self._offer("group", _("All groups"), [(str(g.pk), g.name) for g in queries.groups()])
        self._offer("language", _("All languages"), [(c, names.language(c)) for c in codes])

    def found(self) -> list[Messenger]:
        """The messengers asked for; a choice that makes no sense filters nothing."""
        self.is_valid()
        said = self.cleaned_data
        return queries.roster(
            text=said.get("q", ""),
            group=int(said["group"]) if said.get("group") else None,
            language=said.get("language", ""),
            archived=bool(said.get("archived")),
        )

    @property
    def filtered(self) -> bool:
        """Whether anything was chosen. To be asked after `found`."""
        return any(self.cleaned_data.values())

    def _offer(self, name: str, everything: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", everything), *choices]


class PersonForm(forms.Form):
    """Who carries the link, and how to reach them."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Write the messenger's name.")},
    )
    role = forms.CharField(
        label=gettext_lazy("What they are known for"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Like: singer, goalkeeper, bakers' guild."),
    )
    languages = forms.CharField(
        label=gettext_lazy("Languages"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The one they post in most first, like: Vietnamese, English."),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("The nearest large place, like: Asia/Yerevan."),
        widget=forms.TextInput(attrs={"list": "gw-zones", "autocomplete": "off"}),
    )
    contact_name = forms.CharField(
        label=gettext_lazy("Contact person"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Whom we write to: a manager, a relative, the messenger."),
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Their e-mail"), max_length=254, required=False
    )
    contact_phone = forms.CharField(
        label=gettext_lazy("Their telephone"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    groups = forms.MultipleChoiceField(
        label=pgettext_lazy("messengers", "Groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    notes = forms.CharField(
        label=gettext_lazy("Notes for colleagues"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, row: Messenger | None = None) -> None:
        super().__init__(data, initial=_initial(row) if row else None)
        groups = self.fields["groups"]
        assert isinstance(groups, forms.MultipleChoiceField)  # noqa: S101  declared above
        groups.choices = [(str(one.pk), one.name) for one in Group.objects.all()]

    def clean_languages(self) -> tuple[str, ...]:
        """The codes of the languages named, by name or by code."""
        known = _languages_by_name()
        found = []
        for word in filter(
            None, (part.strip() for part in self.cleaned_data["languages"].split(","))
        ):
            try:
                found.append(known.get(word.casefold()) or roster_csv.language(word))
            except ValueError as error:
                raise forms.ValidationError(
                    _("We know no language “%(word)s”. Write its name or its code, like vi.")
                    % {"word": word}
                ) from error
        return tuple(dict.fromkeys(found))

    def clean_time_zone(self) -> str:
        """A zone that exists, whatever its capitals."""
        said: str = self.cleaned_data["time_zone"]
        by_name = {zone.casefold(): zone for zone in available_timezones()}
        zone = by_name.get(said.replace(" ", "_").casefold(), "")
        if said and not zone:
            raise forms.ValidationError(
                _("We know no such place. Choose one from the list, like Asia/Yerevan.")
            )
        return zone

    def person(self, accounts: tuple[Account, ...]) -> Person:
        """What was written, for the roster."""
        said = self.cleaned_data
        return Person(
            name=said["name"],
            role=said["role"],
            languages=said["languages"],
            time_zone=said["time_zone"],
            notes=said["notes"],
            contact=Contact(
                name=said["contact_name"], email=said["contact_email"], phone=said["contact_phone"]
            ),
            accounts=accounts,
            groups=tuple(int(one) for one in said["groups"]),
        )


class AccountForm(forms.Form):
    """One account on one network. An empty row is no account."""

    network = forms.ChoiceField(
        label=gettext_lazy("Network"),
        required=False,
        choices=[("", "–"), *((one.code, one.label) for one in NETWORKS.values())],
    )
    handle = forms.CharField(
        label=gettext_lazy("Handle or address"), max_length=300, required=False
    )
    followers = forms.CharField(
        label=gettext_lazy("Followers"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "1.2M"}),
    )
    click_share = forms.DecimalField(
        label=gettext_lazy("Of 100, how many click?"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("If you know it from earlier posts. The rehearsal uses it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was: tuple[int, date | None] = self.initial.pop("was", (0, None))

    def clean_followers(self) -> int:
        """The number, as people write it."""
        said: str = self.cleaned_data["followers"]
        try:
            return roster_csv.followers(said) if said else 0
        except ValueError as error:
            raise forms.ValidationError(
                _("That is no number. Write it like 1234567 or 1.2M.")
            ) from error

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        filled = said.get("handle") or said.get("followers")
        if filled and not said.get("network"):
            self.add_error("network", _("Choose the network of this account."))
        return said

    def account(self) -> Account | None:
        """The account, or None for an empty row. Followers that did not change keep their day."""
        said = self.cleaned_data
        if not said.get("network"):
            return None
        number, day = said["followers"], self.was[1]
        if number != self.was[0] or not day:
            day = clock.now().date() if number else None
        made = roster_csv.account(said["network"], said["handle"], number)
        share = said["click_share"]
        return Account(
            network=made.network,
            handle=made.handle,
            url=made.url,
            followers=number,
            followers_on=day,
            click_share=float(share) / 100 if share is not None else None,
        )


if TYPE_CHECKING:
    _Forms = forms.BaseFormSet[AccountForm]
else:
    _Forms = forms.BaseFormSet


class AccountSet(_Forms):
    """All accounts of a messenger, and some empty rows for more."""

    def accounts(self) -> tuple[Account, ...]:
        """Those that were filled in."""
        return tuple(one for form in self.forms if (one := form.account()))


Accounts: Final = forms.formset_factory(
    AccountForm, formset=AccountSet, extra=EMPTY_ACCOUNTS, max_num=40, absolute_max=60
)


def account_set(data: Any = None, *, row: Messenger | None = None) -> AccountSet:
    """The accounts' forms of a messenger, or those of a new one."""
    there = [
        {
            "network": one.network,
            "handle": one.url or one.handle,
            "followers": f"{one.followers:,}" if one.followers else "",
            "click_share": None if one.click_share is None else round(one.click_share * 100, 3),
            "was": (one.followers, one.followers_on),
        }
        for one in (row.profiles.all() if row else ())
    ]
    made = Accounts(data, initial=there, prefix="accounts")
    assert isinstance(made, AccountSet)  # noqa: S101  declared above
    return made


class GroupForm(forms.Form):
    """A group's name and what it is."""

    name = forms.CharField(
        label=gettext_lazy("Name of the group"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the group a name.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=Group.Kind.choices)


class SheetForm(forms.Form):
    """A roster from a spreadsheet: as a file, or as text to be mended in place."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("A CSV from any spreadsheet, at most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the rows here"),
        required=False,
        max_length=MOST_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "gw-code", "spellcheck": "false"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. Split it."))
        return file

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said.get("file") and not said.get("text", "").strip():
            self.add_error("file", _("Choose a file, or paste the rows below."))
        return said


def _initial(row: Messenger) -> dict[str, Any]:
    known = contacts.open_contact(row)
    return {
        "name": row.name,
        "role": row.role,
        "languages": ", ".join(names.language(code) for code in row.languages),
        "time_zone": row.time_zone,
        "notes": row.notes,
        "contact_name": known.name,
        "contact_email": known.email,
        "contact_phone": known.phone,
        "groups": [str(one.pk) for one in row.groups.all()],
    }


def _languages_by_name() -> dict[str, str]:
    """Codes by the names languages have in English and in the organiser's language, folded."""
    found = {}
    for locale in (Locale("en"), names.locale()):
        for code, name in locale.languages.items():
            found[name.casefold()] = code.replace("_", "-").lower()
    return found
