"""Words for kinds of office, for ways to reach one, and for what came back."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

KINDS: Final = {
    "senate": gettext_lazy("US Senate"),
    "house": gettext_lazy("US House of Representatives"),
    "sldu": gettext_lazy("State senates (USA)"),
    "sldl": gettext_lazy("State houses (USA)"),
    "council": gettext_lazy("Councils"),
    "governor": gettext_lazy("Governors"),
    "executive": gettext_lazy("Governors and executives"),
    "department": gettext_lazy("Departments"),
    "minister": gettext_lazy("Ministers"),
    "foreign-minister": gettext_lazy("Foreign ministers"),
    "mayor": gettext_lazy("Mayors"),
    "commons": gettext_lazy("House of Commons (UK)"),
    "ca_commons": gettext_lazy("House of Commons (Canada)"),
    "bundestag": gettext_lazy("Bundestag (Germany)"),
    "mep": gettext_lazy("European Parliament"),
    "eu": gettext_lazy("European Union"),
    "un": gettext_lazy("United Nations"),
    "speaker": gettext_lazy("Speakers of parliaments"),
    "parliament": gettext_lazy("Parliaments"),
    "legislator": gettext_lazy("Members of parliament"),
    "office": gettext_lazy("Offices"),
    "other": gettext_lazy("Other offices"),
}
TYPES: Final = {
    "email": gettext_lazy("E-mail"),
    "voice": gettext_lazy("Phone"),
    "fax": gettext_lazy("Fax"),
    "address": gettext_lazy("Address"),
    "url": gettext_lazy("Website"),
    "form": gettext_lazy("Official form"),
    "cwc": gettext_lazy("Code in Congress's gateway"),
    "x": gettext_lazy("X"),
    "facebook": gettext_lazy("Facebook"),
    "instagram": gettext_lazy("Instagram"),
    "youtube": gettext_lazy("YouTube"),
    "mastodon": gettext_lazy("Mastodon"),
}
STANDINGS: Final = {
    "good": pgettext_lazy("a contact", "Works"),
    "doubted": pgettext_lazy("a contact", "Callers say it is wrong"),
    "bounced": pgettext_lazy("a contact", "Mail came back"),
    "wrong": pgettext_lazy("a contact", "Wrong"),
}
FIELDS: Final = {
    "value": gettext_lazy("Number or address"),
    "label": gettext_lazy("Label"),
    "note": gettext_lazy("Note"),
    "hours": gettext_lazy("Office hours"),
    "zone": gettext_lazy("Time zone"),
    "city": gettext_lazy("Town"),
    "name": gettext_lazy("Name"),
    "given_name": gettext_lazy("Given name"),
    "family_name": gettext_lazy("Family name"),
    "honorific": gettext_lazy("Title before the name"),
    "party": gettext_lazy("Party"),
    "salutation": gettext_lazy("Salutation"),
    "language": gettext_lazy("Language"),
    "role": gettext_lazy("Office"),
    "checked_on": gettext_lazy("Checked"),
}


def kind(code: str) -> str:
    """A kind of office in words; its own name where we have none."""
    return str(KINDS.get(code, code.replace("_", " ").replace("-", " ").capitalize()))


def type_(code: str) -> str:
    """A way to reach somebody, in words."""
    return str(TYPES.get(code, code))


def standing(code: str) -> str:
    """What came back from a contact, in words."""
    return str(STANDINGS.get(code, code))


def field(name: str) -> str:
    """What a corrected field is called."""
    return str(FIELDS.get(name, name))


def nothing(value: str) -> str:
    """A value as it is shown when it may be empty."""
    return value or _("nothing")
