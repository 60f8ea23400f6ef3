"""A letter as JSON. The format is docs/formats/webhook.md and a golden file; add, never change."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from groundswell.base.letter import Letter

TYPE = "letter.send"


def of(letter: Letter, *, at: datetime) -> bytes:
    """The event's bytes. The sender's e-mail address is in it only if the office may have it."""
    sender = {
        "name": letter.sender_name,
        "prefix": letter.prefix,
        "given_name": letter.given_name,
        "family_name": letter.family_name,
        "email": letter.email if letter.reply_to else "",
        "phone": letter.phone,
        "street": letter.street,
        "city": letter.city,
        "region": letter.region,
        "postcode": letter.postcode,
        "country": letter.country,
        "division": letter.division,
    }
    target = {
        "key": letter.target,
        "name": letter.target_name,
        "role": letter.role,
        "organization": letter.organization,
        "email": letter.address,
        "address": letter.post,
        "form": letter.form,
    }
    campaign = {
        "id": letter.campaign_key.hex,
        "page": letter.page_key.hex,
        "title": letter.campaign_title,
        "url": letter.campaign_url,
        "organisation": letter.organisation_name,
        "topics": letter.topics,
    }
    data = {
        "id": letter.key.hex,
        "language": letter.language,
        "subject": letter.subject,
        "body": letter.body,
        "own_words": round(letter.own_words, 3),
        "sender": _given(sender),
        "target": _given(target),
        "campaign": _given(campaign),
    }
    if letter.together:
        data["together"] = [_given(msgspec.structs.asdict(one)) for one in letter.together]
    event = {"type": TYPE, "timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}", "data": data}
    return msgspec.json.encode(event)


def _given(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}
