"""All countries that have a lookup."""

from typing import Final

from groundswell.directory.lookups.country import Country
from groundswell.directory.lookups.gb.country import GB
from groundswell.directory.lookups.us.country import US

COUNTRIES: Final[dict[str, Country]] = {country.code: country for country in (US, GB)}
