"""The frozen records that cross a process border.

PageSpec goes out: `campaigns.publish` writes it, `intake` reads it. Submission comes in: `intake`
seals it into the journal, `core` drains it. Both are formats on disk: add fields with defaults,
never change or remove one (`tests/golden` holds what they must go on to read).
"""

from typing import Final, Literal

import msgspec

SPEC_FORMAT: Final = 1

FieldType = Literal[
    "name",
    "email",
    "country",
    "postcode",
    "phone",
    "line",
    "text",
    "choice",
    "check",
    "token",
    "division",
    "target",
]
Verb = Literal["sign", "confirm", "withdraw", "manage", "report", "ring", "rang", "visits", "flag"]

# Marks on a submission: reasons for a second look later. They never change the visitor's answer.
MARK_HONEYPOT: Final = 1
MARK_QUICK: Final = 2
MARK_CROSS_SITE: Final = 4
MARK_SLOW_LANE: Final = 8


class FieldSpec(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field a page asks for. `max` counts graphemes. A `token` may come from `?t=`.

    A `division` says where somebody is represented: an OCD id that fits the form's `postcode` in
    the published lookup of the country `lookup`; `choices` are the kinds of office the page is
    after (`house`, `senate`), none of them for all. A `target` is the key of one person there, or
    of one of its `choices`, the page's own.
    """

    name: str
    type: FieldType
    required: bool = False
    max: int = 200
    choices: tuple[str, ...] = ()
    lookup: str = ""


class ConsentSpec(msgspec.Struct, frozen=True, omit_defaults=True):
    """One consent box. `versions` are all texts ever shown for it, the current one last.

    A visitor who has had the page open since yesterday agreed to yesterday's text.
    """

    purpose: str
    versions: tuple[str, ...]
    required: bool = False


class PageSpec(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the public door must know of one page in one language to take its form.

    `page` is 32 hex digits, the same in every language. `path` is where the form is and is posted;
    `done` is where a stored submission leads. Times are ms since 1970. `messages` are words for
    error codes in the page's language, and `label:<field>` what its list of errors calls a field.
    `refill` is the page with slots, in the spec folder.
    """

    format: int = SPEC_FORMAT
    page: str
    verb: Verb = "sign"
    kind: str = "petition"
    lang: str
    path: str
    done: str
    fields: tuple[FieldSpec, ...] = ()
    consents: tuple[ConsentSpec, ...] = ()
    opens: int | None = None
    closes: int | None = None
    refill: str = ""
    messages: dict[str, str] = {}


class Submission(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a visitor sent, checked for shape but unverified: one journal record.

    `id` follows from page, key and body (see `ids`). `key` is the idempotency key's tag, empty for
    a form sent without a script. `at` is ms since 1970 by intake's clock. `consents` maps a purpose
    to the version of the text that was agreed to. `fields` holds only what the PageSpec names.
    `run` names the rehearsal that sent it, and is empty for everything that counts.
    """

    id: bytes
    verb: Verb = "sign"
    page: str
    kind: str = "petition"
    lang: str
    at: int
    key: bytes = b""
    source: str = ""
    fields: dict[str, str] = {}
    consents: dict[str, str] = {}
    marks: int = 0
    run: str = ""


encode = msgspec.msgpack.Encoder().encode
_group_decoder = msgspec.msgpack.Decoder(list[msgspec.Raw])
_submission_decoder = msgspec.msgpack.Decoder(Submission)
_spec_decoder = msgspec.json.Decoder(PageSpec)


def decode_group(payload: bytes) -> list[bytes]:
    """The single records of a group, still encoded, so that one bad record spoils no other."""
    return [bytes(raw) for raw in _group_decoder.decode(payload)]


def encode_group(records: list[bytes]) -> bytes:
    """One payload of several encoded submissions."""
    return encode([msgspec.Raw(record) for record in records])


def decode_submission(record: bytes) -> Submission:
    """One submission. Raises `msgspec.DecodeError` or `msgspec.ValidationError` for poison."""
    try:
        return _submission_decoder.decode(record)
    except UnicodeDecodeError as error:  # msgspec lets this one through as it is
        raise msgspec.DecodeError(str(error)) from error


def encode_spec(spec: PageSpec) -> bytes:
    """The PageSpec file's bytes: JSON, so that an operator can read it."""
    return msgspec.json.format(msgspec.json.encode(spec), indent=1)


def decode_spec(data: bytes) -> PageSpec:
    """A PageSpec. Raises `msgspec.DecodeError` or `msgspec.ValidationError`."""
    return _spec_decoder.decode(data)
