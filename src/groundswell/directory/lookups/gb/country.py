"""The United Kingdom: postcodes lead to the House of Commons.

Its people and postcodes do not ship with Groundswell: `directory refresh gb_members` and
`gb_postcodes` fetch them. The last two signs of a postcode are a handful of houses; without them it
is a sector, and those are few enough for a file each of a CDN to hold hundreds.
"""

from typing import Final

from groundswell.directory.lookups.country import Country, Postcodes

GB: Final = Country(
    code="gb",
    kinds=("commons",),
    postcodes=Postcodes(
        pattern=r"^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$", take=-2, shard=3, name="postcode"
    ),
)
