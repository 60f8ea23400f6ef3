"""An open letter: many people sign one text, in public, addressed to those who decide."""

from pathlib import Path
from typing import Final

from groundswell.kinds.kind import N_, Kind, Words

# The consent that a name may be shown, and the one that says which text was signed.
DISPLAY: Final = "display"
TEXT: Final = "text"
# Beside the box with which somebody lets their name be shown.
DISPLAY_WORDS: Final = N_(
    "My name, and the role and organisation I gave, may be shown below the letter."
)
# Why somebody thinks that a name does not belong below the letter.
FLAG_REASONS: Final = {
    "false": N_("This person did not sign, or is not who it says"),
    "abuse": N_("It insults or threatens somebody"),
    "private": N_("It shows something private"),
    "other": N_("Something else"),
}
NOTE_MAX: Final = 1000
OPEN_LETTER: Final = Kind(
    name="open_letter",
    label=N_("Open letter"),
    heading=N_("Sign the letter"),
    button=N_("Sign the letter"),
    invitation=N_("Sign the letter"),
    unit_one=N_("person has co-signed"),
    unit_many=N_("people have co-signed"),
    nobody_yet=N_("Be the first to co-sign"),
    words=Words(
        note=N_("Your signature counts once you have pressed the button in our e-mail."),
        thanks=N_("Thank you. One step is left."),
        thanks_next=N_(
            "Your signature is stored. It counts once you have confirmed it: we are sending you an "
            "e-mail with one button."
        ),
        slow=N_(
            "When very many people sign at once, the e-mail may take a while. If it does not come, "
            "look among the unwanted mail."
        ),
        confirm_title=N_("Confirm your signature"),
        confirm=N_("Press the button and you have signed the letter “%(title)s”."),
        confirm_button=N_("Yes, I sign the letter"),
        confirmed=N_(
            "Your signature is on its way to the letter. If you had confirmed it before, it still "
            "counts once. Names are shown once somebody has looked at them."
        ),
        withdraw_title=N_("Take your signature back"),
        withdraw=N_(
            "Press the button if you did not sign the letter “%(title)s”, or no longer wish to. "
            "Your name is then no longer shown, counted or handed over."
        ),
        withdraw_button=N_("Take my signature back"),
        withdrawn=N_(
            "We have noted it. If the link in your e-mail was yours, your name is taken away from "
            "the letter within a few minutes. What was handed over before, we cannot call back."
        ),
        again=N_(
            "Did you change your mind? You can sign again at any time while the campaign is open."
        ),
        first=N_("Yours is on its way to be the first"),
        share=N_(
            "Most people sign because someone they know sent them the link. Whom will you tell?"
        ),
    ),
    page="open_letter",
    always=("given_name", "family_name", "email"),
    may=("role", "affiliation", "country", "comment"),
    templates=Path(__file__).parent / "templates",
)
