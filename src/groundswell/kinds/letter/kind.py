"""A letter: each person writes to those who decide, in their own words and name."""

from pathlib import Path
from typing import Final

from groundswell.kinds.kind import N_, Kind, Words

# Beside the box with which somebody lets an office answer them.
REPLY_WORDS: Final = N_("The office may answer me directly at my e-mail address.")
LETTER: Final = Kind(
    name="letter",
    label=N_("Letter"),
    heading=N_("Write to those who decide"),
    button=N_("Send my letter"),
    invitation=N_("Write your letter"),
    unit_one=N_("person has written"),
    unit_many=N_("people have written"),
    nobody_yet=N_("Be the first to write"),
    words=Words(
        note=N_("Your letter goes out once you have pressed the button in our e-mail."),
        thanks=N_("Thank you. One step is left."),
        thanks_next=N_(
            "Your letter is stored. It goes out once you have confirmed it: we are sending you an "
            "e-mail with one button."
        ),
        confirm_title=N_("Send your letter"),
        confirm=N_("Press the button and your letter for “%(title)s” goes out in your name."),
        confirm_button=N_("Yes, send my letter"),
        confirmed=N_(
            "Your letter is on its way. If you had confirmed it before, it still goes out once."
        ),
        withdraw_title=N_("Take your letter back"),
        withdraw=N_(
            "Press the button if you did not write for “%(title)s”, or no longer wish to. The "
            "letter is then no longer counted, and what has not gone out yet stays here."
        ),
        withdraw_button=N_("Take my letter back"),
        withdrawn=N_(
            "We have noted it. If the link in your e-mail was yours, nothing more is sent and the "
            "letter stops being counted within a few minutes. What an office has received, we "
            "cannot call back."
        ),
        again=N_(
            "Did you change your mind? You can write again at any time while the campaign is open."
        ),
        first=N_("Yours is on its way to be the first"),
    ),
    page="letter",
    always=("given_name", "family_name", "email"),
    may=("prefix", "street", "city", "region", "country", "postcode", "phone", "copy"),
    templates=Path(__file__).parent / "templates",
)
