"""What supporters can decide about their data."""

from typing import Final

from django.utils.translation import gettext

CHOICES: Final = ("withdraw", "erase", "stop_mail")


def choices() -> list[dict[str, str]]:
    """What a supporter can decide, in the active language: value, label and consequence."""
    texts = (
        (
            gettext("Take my signature back"),
            gettext(
                "It is no longer counted and will not be handed over. "
                "We keep a note that it was withdrawn."
            ),
        ),
        (
            gettext("Erase my data"),
            gettext(
                "Your signature is taken back, and your name, address and all you wrote are "
                "deleted for good. This cannot be undone."
            ),
        ),
        (
            gettext("Stop all e-mails to me"),
            gettext(
                "Your signature stays as it is. We never write to this address again, for any "
                "campaign, not even to confirm."
            ),
        ),
    )
    return [
        {"value": value, "label": label, "consequence": consequence}
        for value, (label, consequence) in zip(CHOICES, texts, strict=True)
    ]
