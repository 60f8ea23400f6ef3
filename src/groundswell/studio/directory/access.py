"""Who may see decision makers, correct them, list them, import and undo."""

from collections.abc import Callable
from typing import Final

from groundswell.studio.supporters import access
from groundswell.studio.supporters.access import P, View

SEE: Final = "studio.see_directory"
CORRECT: Final = "studio.correct_directory"
LISTS: Final = "studio.build_lists"
IMPORT: Final = "studio.import_directory"
UNDO: Final = "studio.undo_directory"
REFUSAL: Final = "studio/directory/forbidden.html"


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Let a view run only for organisers with the permission; the others get a 403 page."""
    return access.needs(permission, refusal=REFUSAL)
