"""A letter: each person writes to those who decide, in their own words and name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from msgspec import structs

from groundswell.kinds.kind import N_, Kind, Words

Reach = Literal["all", "some", "none"]
# Beside the box with which somebody lets an office answer them.
REPLY_WORDS: Final = N_("The office may answer me directly at my e-mail address.")
_ALL: Final = Words(
    note=N_("Your letter goes out once you have pressed the button in our e-mail."),
    thanks=N_("Thank you. One step is left."),
    thanks_next=N_(
        "Your letter is stored. It goes out once you have confirmed it: we are sending you an "
        "e-mail with one button."
    ),
    slow=N_(
        "When very many people write at once, the e-mail may take a while. If it does not come, "
        "look among the unwanted mail."
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
    share=N_("Most people write because someone they know sent them the link. Whom will you tell?"),
)
# Which of a page's offices take letters from us. Where that is not known, what is said for "some"
# holds for each case.
BY_REACH: Final[Mapping[Reach, Words]] = {
    "all": _ALL,
    "some": structs.replace(
        _ALL,
        note=N_(
            "Once you have pressed the button in our e-mail, we send your letter. Where an office "
            "takes letters only from you yourself, we mail you what you need for it."
        ),
        thanks_next=N_(
            "Your letter is stored. Once you have confirmed it, we send it wherever we can, and "
            "mail you what only you can send. First comes an e-mail with one button."
        ),
        confirm=N_(
            "Press the button and we send your letter for “%(title)s” in your name. Where an "
            "office takes letters only from you yourself, we mail you what you need for it."
        ),
        confirmed=N_(
            "We send your letter wherever we can. Some offices take letters only from you "
            "yourself: if yours are among them, what is left to do is in the e-mail that we send "
            "you now. Whatever we send goes out once, also if you had confirmed before."
        ),
    ),
    "none": structs.replace(
        _ALL,
        note=N_(
            "These offices take letters only from you yourself. Once you have pressed the button "
            "in our e-mail, we mail you your letter, ready to be sent."
        ),
        thanks=N_("Thank you. Two steps are left."),
        thanks_next=N_(
            "Your letter is stored, but these offices take letters only from you yourself. We are "
            "sending you an e-mail with one button; after it comes your letter, ready to be sent."
        ),
        confirm_title=N_("Confirm your letter"),
        confirm=N_(
            "Press the button and your letter for “%(title)s” counts. These offices take letters "
            "only from you yourself: we then mail you yours, ready to be sent."
        ),
        confirm_button=N_("Yes, this is my letter"),
        confirmed=N_(
            "Your letter is not sent yet: these offices take letters only from you yourself. What "
            "is left to do is in the e-mail that we send you now. It takes a few minutes."
        ),
    ),
}
LETTER: Final = Kind(
    name="letter",
    label=N_("Letter"),
    heading=N_("Write to those who decide"),
    button=N_("Send my letter"),
    invitation=N_("Write your letter"),
    unit_one=N_("person has written"),
    unit_many=N_("people have written"),
    nobody_yet=N_("Be the first to write"),
    words=BY_REACH["some"],
    page="letter",
    always=("given_name", "family_name", "email"),
    may=("prefix", "street", "city", "region", "country", "postcode", "phone", "copy"),
    templates=Path(__file__).parent / "templates",
)
