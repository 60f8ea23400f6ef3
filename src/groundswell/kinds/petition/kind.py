"""A petition: many people put their names to the same text."""

from pathlib import Path
from typing import Final

from groundswell.kinds.kind import N_, Kind, Words

PETITION: Final = Kind(
    name="petition",
    label=N_("Petition"),
    heading=N_("Sign the petition"),
    button=N_("Sign now"),
    invitation=N_("Sign now"),
    unit_one=N_("person has signed"),
    unit_many=N_("people have signed"),
    nobody_yet=N_("Be the first to sign"),
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
        confirm=N_("Press the button and your name counts for “%(title)s”."),
        confirm_button=N_("Yes, count my signature"),
        confirmed=N_(
            "Your signature is on its way to the count. If you had confirmed it before, it still "
            "counts once."
        ),
        withdraw_title=N_("Take your signature back"),
        withdraw=N_(
            "Press the button if you did not sign “%(title)s”, or no longer wish to. The signature "
            "is then no longer counted and will not be handed over."
        ),
        withdraw_button=N_("Take my signature back"),
        withdrawn=N_(
            "We have noted it. If the link in your e-mail was yours, the signature stops being "
            "counted within a few minutes."
        ),
        again=N_(
            "Did you change your mind? You can sign again at any time while the campaign is open."
        ),
        first=N_("Yours is on its way to be the first"),
        share=N_(
            "Most people sign because someone they know sent them the link. Whom will you tell?"
        ),
    ),
    always=("email",),
    may=("given_name", "family_name", "country", "postcode", "phone", "comment"),
    templates=Path(__file__).parent / "templates",
)
