"""The forms of Wagtail's editor, as a browser would post them."""

from typing import Any

from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

__all__ = ["action", "call", "campaign", "inline_formset", "letter", "open_letter", "streamfield"]


def campaign(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": "Clean air",
        "slug": "clean-air",
        "summary": "Close school streets to cars.",
        "goal": "500",
        "story": streamfield([]),
        "demands": inline_formset([{"text": "Close the street.", "addressee": "City Council"}]),
        "partners": inline_formset([]),
        "comments": inline_formset([]),
    }
    return dict(nested_form_data(fields | changes))


def action(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": "Sign",
        "slug": "sign",
        "text": rich_text("<p>We ask for clean air.</p>"),
        "ask_given_name": "required",
        "ask_family_name": "required",
        "ask_country": "optional",
        "ask_postcode": "no",
        "ask_phone": "no",
        "ask_comment": "no",
        "questions": inline_formset([]),
        "consent_boxes": inline_formset([{"purpose": "news", "text": "Write to me."}]),
        "thanks_text": rich_text(""),
        "comments": inline_formset([]),
    }
    return dict(nested_form_data(fields | changes))


def letter(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A letter to one invented minister; `rows` are its texts instead."""
    first = {"keys": '["test/minister"]', "subject": "Mend it", "body": "{salutation}, please."}
    fields: dict[str, Any] = {
        "title": "Write",
        "slug": "write",
        "letters": inline_formset([first | row for row in rows] or [first]),
        "points": inline_formset([]),
        "channel": "auto",
        "offer_copy": "on",
        "offer_reply": "on",
        "ask_address": "no",
        "ask_phone": "no",
        "ask_country": "no",
        "text": rich_text(""),
        "consent_boxes": inline_formset([]),
        "thanks_text": rich_text(""),
        "comments": inline_formset([]),
    }
    return dict(nested_form_data(fields | changes))


def call(**changes: Any) -> dict[str, Any]:
    """A call to one invented minister."""
    fields: dict[str, Any] = {
        "title": "Call",
        "slug": "call",
        "keys": '["test/minister"]',
        "opening": "Hello, my name is",
        "say": rich_text("<p>Please mend it.</p>"),
        "answers": inline_formset([]),
        "text": rich_text(""),
        "consent_boxes": inline_formset([]),
        "thanks_text": rich_text(""),
        "comments": inline_formset([]),
    }
    return dict(nested_form_data(fields | changes))


def open_letter(**changes: Any) -> dict[str, Any]:
    """An open letter to one invented minister. `text` is plain."""
    fields: dict[str, Any] = {
        "title": "The wall",
        "slug": "the-wall",
        "keys": '["test/minister"]',
        "salutation": "Dear Minister,",
        "ask_role": "optional",
        "ask_affiliation": "optional",
        "ask_country": "optional",
        "ask_comment": "no",
        "allow_embed": "on",
        "press_pictures": inline_formset([]),
        "questions": inline_formset([]),
        "consent_boxes": inline_formset([]),
        "thanks_text": rich_text(""),
        "comments": inline_formset([]),
    }
    text = rich_text(f"<p>{changes.pop('text', 'Mend it.')}</p>")
    return dict(nested_form_data(fields | {"text": text} | changes))
