"""The product's three errors, and the operator's. Anything else that is raised is a bug."""

from typing import Final

import msgspec

# Every code a visitor can meet. The words for them live in the campaigns room's catalogue;
# a contract test fails when a code has no words.
FIELD_CODES: Final = (
    "required",
    "too_long",
    "too_short",
    "not_a_name",
    "line_break",
    "control_character",
    "email_syntax",
    "phone_syntax",
    "postcode_syntax",
    "unknown_country",
    "unknown_choice",
    "consent_required",
    "one_value",
    "unknown_field",
    "not_text",
    "choose_one",
    "unknown_postcode",
    "postcode_short",
    "other_region",
    "map_expired",
    "seat_vacant",
)
REQUEST_CODES: Final = (
    "invalid",
    "bad_request",
    "bad_encoding",
    "not_found",
    "method_not_allowed",
    "not_open_yet",
    "closed",
    "key_reused",
    "too_large",
    "unsupported_media_type",
    "timeout",
    "too_many",
    "rehearsal_over",
    "busy",
    "internal",
)


class Choice(msgspec.Struct, frozen=True):
    """One value a field may have, in words."""

    value: str
    label: str


class FieldError(msgspec.Struct, frozen=True):
    """One field that is wrong. `limit` is the number the words may quote (a maximum, a count).

    `choices` are what may be sent instead, if they depend on the rest of the form.
    """

    field: str
    code: str
    limit: int = 0
    choices: tuple[Choice, ...] = ()


class Refused(Exception):
    """The request is wrong and nothing was written. Becomes `status`, a 4xx when it is raised.

    `fields` names every field at fault at once, so a visitor corrects a form in one go.
    `retry_after` is in seconds and only set for `too_many`.
    """

    def __init__(
        self,
        code: str,
        *,
        status: int = 422,
        fields: tuple[FieldError, ...] = (),
        retry_after: int = 0,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.fields = fields
        self.retry_after = retry_after


class Busy(Exception):
    """We cannot take more now and nothing was written. Becomes 503; `retry_after` is in seconds."""

    def __init__(self, retry_after: int = 2) -> None:
        super().__init__("busy")
        self.retry_after = retry_after


class SendFailed(Exception):
    """A message could not be handed over. `permanent`: trying again cannot help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class Trouble(Exception):
    """An operator's command cannot go on. The message says in one line why and what helps."""
