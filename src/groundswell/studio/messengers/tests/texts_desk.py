"""What tests of the Texts tab type, send and read."""

import re
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from groundswell.campaigns.models import Campaign
from groundswell.messengers import services_statements as services
from groundswell.messengers.models import (
    Statement,
)
from groundswell.messengers.services_statements import Content


def url(name: str, campaign: Campaign, *rest: object) -> str:
    """An address of the desk."""
    return reverse(name, args=[campaign.translation_key, *rest])


def text(campaign: Campaign, words: str = "Please sign.", **where: Any) -> Statement:
    """A text of the campaign."""
    return services.create(
        campaign_key=campaign.translation_key, language="en", by="bob", content=Content(text=words),
        **{"network": "x", **where},
    )  # fmt: skip


def fields(**said: object) -> dict[str, Any]:
    """The editor's form, filled in."""
    full = {
        "messenger": "all",
        "network": "x",
        "language": "en",
        "text": "Please sign.",
        "zone": "UTC",
    }
    return {**full, **said}


def png(name: str = "river.png") -> SimpleUploadedFile:
    """A picture to send."""
    out = BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def words(answer: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
