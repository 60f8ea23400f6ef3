"""Every source that ships with Groundswell, in the order `directory load all` takes them."""

from typing import Final

from groundswell.directory.sources.offices import offices
from groundswell.directory.sources.source import Shipped
from groundswell.directory.sources.us_congress import congress
from groundswell.directory.sources.us_executive import executive
from groundswell.directory.sources.us_states import states
from groundswell.directory.sources.us_zip import postcodes

SHIPPED: Final[dict[str, Shipped]] = {
    "offices": Shipped(offices.INFO, offices.batch),
    "us_congress": Shipped(congress.INFO, congress.batch, needs=("offices",)),
    "us_states": Shipped(states.INFO, states.batch, needs=("offices",)),
    "us_executive": Shipped(executive.INFO, executive.batch, needs=("offices",)),
    "us_zip": Shipped(postcodes.INFO, postcodes.batch, needs=("us_congress",)),
}
