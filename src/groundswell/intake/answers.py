"""Answers to requests that were refused: one JSON shape, or a page in the visitor's language."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from groundswell.base.errors import Busy, Choice, FieldError, Refused
from groundswell.intake.assets import Asset, Headers
from groundswell.intake.check import Form
from groundswell.intake.lookup import Offer
from groundswell.intake.refill import NO_OFFERS, fill
from groundswell.intake.site import Site

# Words for programmers who call the API; visitors read the page's own, translated ones.
API_WORDS: Final = {
    "invalid": "Some fields are wrong.",
    "bad_request": "The request is malformed.",
    "bad_encoding": "The request is not valid UTF-8.",
    "not_found": "There is nothing here.",
    "method_not_allowed": "This method is not allowed here.",
    "not_open_yet": "This action is not open yet.",
    "closed": "This action is closed.",
    "key_reused": "This idempotency key was used for another submission.",
    "too_large": "The body is larger than 64 KiB.",
    "unsupported_media_type": "Send application/json, not compressed.",
    "timeout": "The body did not arrive in time.",
    "too_many": "Too many submissions from your network; wait before the next.",
    "rehearsal_over": "This pass is not valid here, or its rehearsal is over.",
    "busy": "We cannot take more at the moment; nothing was stored, please try again.",
    "internal": "Something went wrong here; it has been noted. The same key may be sent again.",
    "required": "This field is required.",
    "too_long": "This is longer than {limit} characters.",
    "too_short": "This is shorter than allowed.",
    "not_a_name": "This does not look like a name.",
    "line_break": "This must be a single line.",
    "control_character": "This holds a control character.",
    "email_syntax": "This is not an e-mail address.",
    "phone_syntax": "This is not a phone number, e.g. +44 20 7946 0000.",
    "postcode_syntax": "This is not a postcode, e.g. SW1A 1AA.",
    "unknown_country": "This is not an ISO 3166 country code.",
    "unknown_choice": "This is not one of the choices.",
    "consent_required": "This consent is required, with a version that was shown.",
    "one_value": "Send this only once.",
    "unknown_field": "This page asks for no such field.",
    "not_text": "This must be a string.",
    "choose_one": "Send one of the choices: several divisions fit this postcode, or another does.",
    "unknown_postcode": "Nothing is known of this postcode; send one of the choices.",
    "postcode_short": "This has {limit} digits; zeros at the front count.",
    "other_region": "The postcode lies in another region.",
    "seat_vacant": "Nobody holds the seat of this division at the moment.",
    "map_expired": "The lookup is out of date and does not guess; send one of the choices.",
}
_WORTH_ANOTHER_TRY: Final = frozenset({400, 409, 422, 429, 503})
_BUILT_IN: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title>'
    "<h1>{title}</h1><p>{text}</p></html>"
)
_BUILT_IN_WORDS: Final = {
    200: ("Nothing is published here yet", "Please come back later."),
    400: ("That did not work", "Your browser sent something we could not read."),
    404: ("Page not found", "There is nothing at this address."),
    405: ("That does not work here", "This page cannot be used in this way."),
    410: ("Closed", "This action is over."),
    413: ("Too much at once", "What you sent is too large."),
    421: ("Wrong address", "This server does not answer for that name."),
    429: ("Please wait a moment", "Many people are sending from your network. Please try again."),
    500: ("Something went wrong", "It is our fault, not yours. Please try again."),
    503: ("Very busy", "Nothing was lost: please send it again in a few seconds."),
}


class Answer(NamedTuple):
    """A status, headers and a body."""

    status: int
    headers: Headers
    body: bytes


class _Field(msgspec.Struct, omit_defaults=True):
    field: str
    code: str
    message: str
    choices: tuple[Choice, ...] = ()


class _Error(msgspec.Struct):
    code: str
    message: str
    fields: list[_Field]
    retry_after: int | None


class _Body(msgspec.Struct):
    error: _Error


def as_json(error: Refused | Busy, *, site: Site, words: Mapping[str, str] = API_WORDS) -> Answer:
    """The one error shape of every JSON endpoint. `words` are those of the page, if it has any."""
    refused = as_refused(error)
    body = _Body(
        _Error(
            refused.code,
            words.get(refused.code) or API_WORDS[refused.code],
            [_in_words(wrong, words) for wrong in refused.fields],
            refused.retry_after or None,
        )
    )
    headers = [("content-type", "application/json"), ("cache-control", "no-store")]
    headers += [*site.security, *_extra(refused)]
    return Answer(refused.status, headers, msgspec.json.encode(body))


def promise(stored: bytes, form: Form, *, site: Site) -> Answer:
    """For the page's script: it is stored, under this id, and where to go on."""
    body = b'{"id":"%b","status":"stored","next":%b}' % (stored.hex().encode(), form.done)
    return Answer(202, site.json_headers, body)


def thanks(form: Form, *, site: Site) -> Answer:
    """For a browser without a script: on to the page that says thank you."""
    return Answer(303, [("location", form.spec.done), *site.stored_headers], b"")


def as_page(error: Refused | Busy, *, site: Site, path: str) -> Answer:
    """The published error page for a refusal, or a plain one of our own."""
    refused = as_refused(error)
    return error_page(refused.status, site=site, path=path, extra=_extra(refused))


def error_page(
    status: int, *, site: Site, path: str, extra: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """The published error page of the path's language, or a plain one of our own."""
    asset = site.snapshot.error_page(path, status)
    body = asset.plain.body if asset else None
    if asset is None or body is None:
        return plain_page(status, site=site, extra=extra)
    # Short, for what is missing now may be published in a second.
    cache = "public, max-age=1" if status == 404 else "no-store"
    return Answer(status, like(asset, cache, extra), body)


def as_refill(
    error: Refused | Busy,
    *,
    form: Form,
    values: Mapping[str, str],
    site: Site,
    offers: Mapping[str, Offer] = NO_OFFERS,
) -> Answer | None:
    """The form again with what was sent, what is wrong, and what may be chosen.

    None when sending it again would not help, or the form has no refill page.
    """
    refused = as_refused(error)
    if not form.template or refused.status not in _WORTH_ANOTHER_TRY:
        return None
    messages = form.spec.messages
    page = fill(form.template, values=values, refused=refused, messages=messages, offers=offers)
    asset = site.snapshot.assets.get(form.spec.path)
    if asset is None:
        return None
    return Answer(refused.status, like(asset, "no-store", _extra(refused)), page.encode())


def as_refused(error: Refused | Busy) -> Refused:
    """Busy in the words of Refused, for there is one shape for both."""
    if isinstance(error, Refused):
        return error
    return Refused("busy", status=503, retry_after=error.retry_after)


def internal() -> Refused:
    """A bug of ours, in the shape of a refusal."""
    return Refused("internal", status=500)


def not_found() -> Refused:
    return Refused("not_found", status=404)


def plain_page(status: int, *, site: Site, extra: tuple[tuple[str, str], ...] = ()) -> Answer:
    """A page of our own, for a site that has none."""
    title, text = _BUILT_IN_WORDS.get(status, _BUILT_IN_WORDS[400])
    headers = [
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("cache-control", "no-store"),
        *site.security,
        *extra,
    ]
    return Answer(status, headers, _BUILT_IN.format(title=title, text=text).encode())


def _in_words(wrong: FieldError, words: Mapping[str, str]) -> _Field:
    text = words.get(wrong.code) or API_WORDS[wrong.code]
    message = text.replace("{limit}", str(wrong.limit))
    return _Field(wrong.field, wrong.code, message, wrong.choices)


def like(asset: Asset, cache: str, extra: tuple[tuple[str, str], ...] = ()) -> Headers:
    """A published page's own headers, for a page that must not be kept."""
    kept = [pair for pair in asset.plain.headers if pair[0] not in {"cache-control", "etag"}]
    return [*kept, ("cache-control", cache), *extra]


def _extra(refused: Refused) -> tuple[tuple[str, str], ...]:
    extra: list[tuple[str, str]] = []
    if refused.retry_after:
        extra.append(("retry-after", str(refused.retry_after)))
    if refused.status in {408, 413}:
        # What is left of the body will not be read, so the connection cannot go on.
        extra.append(("connection", "close"))
    return tuple(extra)
