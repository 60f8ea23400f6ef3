"""A call: people ring up those who decide, and tell what came of it."""

from pathlib import Path
from typing import Final

from groundswell.kinds.kind import N_, Kind, Words

CALL: Final = Kind(
    name="call",
    label=N_("Call"),
    heading=N_("Call those who decide"),
    button=N_("Note my call"),
    invitation=N_("Make your call"),
    unit_one=N_("call made, as callers told us"),
    unit_many=N_("calls made, as callers told us"),
    nobody_yet=N_("Be the first to call"),
    words=Words(
        note=N_("Your call counts as you tell it. We ask nothing else."),
        thanks=N_("Thank you for calling."),
        thanks_next=N_("Your call is noted. Is there somebody else on the list? Go on with them."),
        confirm_title=N_("Confirm your e-mail address"),
        confirm=N_("Press the button and we may write to you about “%(title)s”."),
        confirm_button=N_("Yes, this is my address"),
        confirmed=N_("Your address is confirmed. Your call was counted when you told us of it."),
        withdraw_title=N_("Take your call back"),
        withdraw=N_(
            "Press the button if you did not call for “%(title)s”, or no longer wish it to count. "
            "What you told us is then no longer counted."
        ),
        withdraw_button=N_("Take my call back"),
        withdrawn=N_(
            "We have noted it. If the link in your e-mail was yours, the call stops being counted "
            "within a few minutes."
        ),
        again=N_(
            "Did you change your mind? You can call again at any time while the campaign is open."
        ),
        first=N_("Yours is on its way to be the first"),
        share=N_(
            "Most people call because someone they know sent them the link. Whom will you tell?"
        ),
    ),
    counts="collected",
    page="call",
    always=("target", "outcome"),
    may=("given_name", "family_name", "email", "postcode"),
    templates=Path(__file__).parent / "templates",
)
