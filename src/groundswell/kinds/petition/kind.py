"""A petition: many people put their names to the same text."""

from pathlib import Path
from typing import Final

from groundswell.kinds.kind import N_, Kind

PETITION: Final = Kind(
    name="petition",
    label=N_("Petition"),
    heading=N_("Sign the petition"),
    button=N_("Sign now"),
    invitation=N_("Add your name"),
    unit_one=N_("person has signed"),
    unit_many=N_("people have signed"),
    nobody_yet=N_("Be the first to sign"),
    always=("email",),
    may=("given_name", "family_name", "country", "postcode", "phone", "comment"),
    templates=Path(__file__).parent / "templates",
)
