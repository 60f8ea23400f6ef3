"""The United States: ZIP codes lead to the Congress.

State legislators are left out: some of their published addresses are homes.
"""

from typing import Final

from groundswell.directory.lookups.country import Country, Postcodes

US: Final = Country(
    code="us",
    kinds=("senate", "house"),
    postcodes=Postcodes(pattern=r"^\d{5}(?:-?\d{4})?$", take=5, shard=2, name="ZIP code"),
)
