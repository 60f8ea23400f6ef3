"""Words for what happened to a participation, and for how it is marked."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from groundswell.base import wire
from groundswell.people.queries import Moment

STATES: Final = {
    "pending": pgettext_lazy("a participation", "Waiting for confirmation"),
    "confirmed": pgettext_lazy("a participation", "Confirmed"),
    "withdrawn": pgettext_lazy("a participation", "Withdrawn"),
    "erased": pgettext_lazy("a participation", "Erased"),
}
MARKS: Final = {
    wire.MARK_HONEYPOT: gettext_lazy("A hidden field was filled in, as robots do"),
    wire.MARK_QUICK: gettext_lazy("Sent faster than people type"),
    wire.MARK_CROSS_SITE: gettext_lazy("Sent from another website"),
    wire.MARK_SLOW_LANE: gettext_lazy("Many came from the same network"),
}
FIELDS: Final = {
    "prefix": gettext_lazy("Form of address"),
    "given_name": gettext_lazy("Given name"),
    "family_name": gettext_lazy("Family name"),
    "email": gettext_lazy("E-mail"),
    "street": gettext_lazy("Street and number"),
    "city": gettext_lazy("Town"),
    "region": gettext_lazy("State"),
    "postcode": gettext_lazy("Postcode"),
    "division": gettext_lazy("Represented in"),
    "phone": gettext_lazy("Phone"),
    "comment": gettext_lazy("Comment"),
    "subject": gettext_lazy("Subject of the letter"),
    "body": gettext_lazy("Letter"),
    "copy": gettext_lazy("Wants a copy"),
    "target": gettext_lazy("Whom they called"),
    "outcome": gettext_lazy("What came of the call"),
}
REASONS: Final = {
    "asked": gettext_lazy("The supporter asked us to"),
    "not_theirs": gettext_lazy("The supporter says they did not sign"),
    "fake": gettext_lazy("It is not from a real person"),
    "test": gettext_lazy("It was a test of ours"),
}
_MOMENTS: Final = {
    "received": gettext_lazy("Sent and stored"),
    "confirmed": gettext_lazy("Confirmed"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "erased": gettext_lazy("Erased"),
    "mail_stopped": gettext_lazy("Asked for no more mail"),
    "resend": gettext_lazy("Confirmation mail asked for again"),
    "form_opened": gettext_lazy("Opened an office's form"),
    "form_sent": gettext_lazy("Says that a letter is sent"),
    "no_addressee": gettext_lazy("No letter could be made"),
    "mail_sent": gettext_lazy("Mail sent"),
    "mail_waiting": gettext_lazy("Mail waits to be sent"),
    "mail_failed": gettext_lazy("Mail could not be delivered"),
    "consent_given": gettext_lazy("Agreed to"),
    "consent_withdrawn": gettext_lazy("No longer agrees to"),
}
_DETAILS: Final = {
    "confirm": gettext_lazy("request to confirm"),
    "reminder": gettext_lazy("reminder"),
    "already_signed": gettext_lazy("“you have signed already”"),
    "letters": gettext_lazy("what is left to do for the letter"),
    "copy": gettext_lazy("the copy that was asked for"),
    "duplicate": gettext_lazy("not counted: this address had confirmed before"),
    "retention": gettext_lazy("it had been kept long enough"),
}
_BY: Final = {
    "supporter": gettext_lazy("the supporter"),
    "core": gettext_lazy("Groundswell"),
}
AUDIT_ACTIONS: Final = {
    "view": gettext_lazy("Looked at a supporter"),
    "list": gettext_lazy("Looked through the list"),
    "find": gettext_lazy("Searched for an address"),
    "export": gettext_lazy("Began an export"),
    "export_end": gettext_lazy("Ended an export"),
    "resend": gettext_lazy("Sent a confirmation again"),
    "withdraw": gettext_lazy("Withdrew a signature"),
    "erase": gettext_lazy("Erased a supporter"),
    "reinject": gettext_lazy("Put a quarantined submission back"),
    "retention": gettext_lazy("Erased what had been kept long enough"),
    "correct": gettext_lazy("Corrected a decision maker's details"),
    "import": gettext_lazy("Imported decision makers"),
    "undo": gettext_lazy("Took an import back"),
    "targets": gettext_lazy("Changed a target list"),
    "pause": gettext_lazy("Paused sending"),
    "resume": gettext_lazy("Resumed sending"),
    "hold": gettext_lazy("Held a decision maker's letters"),
    "release": gettext_lazy("Released a decision maker's letters"),
    "again": gettext_lazy("Sent failed letters again"),
    "reply": gettext_lazy("Read a decision maker's answer"),
    "handover": gettext_lazy("Downloaded letters for handing over"),
    "show": gettext_lazy("Showed names below an open letter"),
    "hide": gettext_lazy("Hid names below an open letter"),
    "put_back": gettext_lazy("Took back a decision about names"),
    "keep": gettext_lazy("Kept a name that was reported"),
    "signatory": gettext_lazy("Changed a first signatory"),
    "deliver": gettext_lazy("Sent an open letter"),
    "log_export": gettext_lazy("Exported the direct line"),
    "log_erase": gettext_lazy("Erased an entry of the direct line"),
}


def state(code: str) -> str:
    """A state in words."""
    return str(STATES.get(code, code))


def marks(bits: int) -> list[str]:
    """The reasons for a second look, in words."""
    return [str(words) for bit, words in MARKS.items() if bits & bit]


def moment(one: Moment) -> str:
    """What happened, in one line."""
    what = str(_MOMENTS.get(one.what, one.what))
    detail = str(_DETAILS.get(one.detail, REASONS.get(one.detail, one.detail)))
    return f"{what}: {detail}" if detail else what


def by(name: str) -> str:
    """Who did it: the supporter, Groundswell itself, or an organiser's name."""
    return str(_BY.get(name, name))


def custom(field: str, questions: dict[str, str]) -> str:
    """A field's name: ours, the organiser's question, or a question that has since gone."""
    if field in FIELDS:
        return str(FIELDS[field])
    return questions.get(field) or _("A question that is no longer asked")
