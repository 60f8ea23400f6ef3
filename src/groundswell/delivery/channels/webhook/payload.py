"""A letter as JSON. The format is docs/formats/webhook.md and a golden file; add, never change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from groundswell.base.letter import Letter

TYPE: Final = "letter.send"
# What each part is called outside, and where a Letter has it.
_SENDER: Final = {
    "name": "sender_name",
    "prefix": "prefix",
    "given_name": "given_name",
    "family_name": "family_name",
    "phone": "phone",
    "street": "street",
    "city": "city",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
    "division": "division",
}
_TARGET: Final = {
    "key": "target",
    "name": "target_name",
    "role": "role",
    "organization": "organization",
    "email": "address",
    "address": "post",
    "form": "form",
}
_CAMPAIGN: Final = {
    "title": "campaign_title",
    "url": "campaign_url",
    "organisation": "organisation_name",
    "topics": "topics",
}


def of(letter: Letter, *, at: datetime) -> bytes:
    """The event's bytes. The sender's e-mail address is in it only if the office may have it."""
    answer_to = {"email": letter.email} if letter.reply_to else {}
    ids = {"id": letter.campaign_key.hex, "page": letter.page_key.hex}
    data = {
        "id": letter.key.hex,
        "language": letter.language,
        "subject": letter.subject,
        "body": letter.body,
        "own_words": round(letter.own_words, 3),
        "sender": _part(letter, _SENDER) | answer_to,
        "target": _part(letter, _TARGET),
        "campaign": ids | _part(letter, _CAMPAIGN),
    }
    if letter.together:
        data["together"] = [_given(msgspec.structs.asdict(one)) for one in letter.together]
    event = {"type": TYPE, "timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}", "data": data}
    return msgspec.json.encode(event)


def _part(letter: Letter, names: Mapping[str, str]) -> dict[str, Any]:
    return _given({name: getattr(letter, field) for name, field in names.items()})


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
