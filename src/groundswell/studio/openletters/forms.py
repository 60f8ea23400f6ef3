"""The open letters' forms: who is invited, how they stand, why a name is hidden."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from groundswell.people.open_letter_firsts import Entry
from groundswell.studio.openletters import pasting, pictures


class PersonForm(forms.Form):
    """One first signatory, as an organiser writes them down."""

    name = forms.CharField(label=_("Name"), max_length=200)
    role = forms.CharField(label=_("Role or profession"), max_length=200, required=False)
    affiliation = forms.CharField(label=_("Organisation"), max_length=200, required=False)
    group = forms.CharField(
        label=_("Stands among"),
        max_length=120,
        required=False,
        help_text=_("A heading they stand under, like Musicians. Empty: none."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Only for their private link. It is kept sealed and shown to nobody else."),
    )

    def entry(self) -> Entry:
        """What was typed, once it is valid."""
        said = self.cleaned_data
        return Entry(**{name: said[name] for name in pasting.COLUMNS})


class EditForm(PersonForm):
    """The same, with a picture."""

    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("Made square and small; what a camera wrote into it is dropped."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
    )
    alt = forms.CharField(
        label=_("What the picture shows"),
        max_length=300,
        required=False,
        help_text=_("Read aloud to people who do not see it."),
    )
    no_picture = forms.BooleanField(label=_("Take the picture away"), required=False)

    def clean_picture(self) -> bytes:
        upload = self.cleaned_data["picture"]
        return pictures.portrait(upload) if upload else b""


class ManyForm(forms.Form):
    """Many at once: pasted from a spreadsheet, or a CSV file."""

    rows = forms.CharField(
        label=_("One person on each line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_(
            "Name, role, organisation, group, e-mail; only the name must be there. Paste from a "
            "spreadsheet, or put commas or semicolons between. A first line that names the "
            "columns may have them in another order."
        ),
    )
    file = forms.FileField(label=_("Or a CSV file"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        upload = said.get("file")
        text = pasting.decode(upload.read()) if upload else said.get("rows", "")
        said["entries"] = self._entries(text)
        return said

    def _entries(self, text: str) -> list[Entry]:
        try:
            found = pasting.read(text)
        except pasting.BadLine as error:
            raise ValidationError(
                _now("Line %(number)s: %(why)s Nothing was added.")
                % {"number": error.number, "why": error.why}
            ) from error
        for number, entry in found:
            if entry.email:
                _check_email(number, entry.email)
        if not found:
            raise ValidationError(_now("There is nobody in it. Paste at least one name."))
        return [entry for _number, entry in found]


class ReasonForm(forms.Form):
    """Why a name is hidden: it stays on the record."""

    reason = forms.CharField(label=_("Why"), max_length=200, required=False)


def _check_email(number: int, email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError(
            _now("Line %(number)s: “%(email)s” is no e-mail address. Nothing was added.")
            % {"number": number, "email": email}
        ) from error
