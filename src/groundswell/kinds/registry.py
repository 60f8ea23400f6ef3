"""All kinds of action, by name. To add one: copy the nearest folder, then add its line here."""

from typing import Final

from groundswell.kinds.call.kind import CALL
from groundswell.kinds.kind import Kind
from groundswell.kinds.letter.kind import LETTER
from groundswell.kinds.open_letter.kind import OPEN_LETTER
from groundswell.kinds.petition.kind import PETITION

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in (PETITION, LETTER, CALL, OPEN_LETTER)}
