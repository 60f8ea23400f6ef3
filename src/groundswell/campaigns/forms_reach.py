"""What only the whole form of a letter or call page can check."""

from typing import Any

from groundswell.campaigns.forms import ActionPageForm


class LetterPageForm(ActionPageForm):
    """The editor's form for a letter page."""


class CallPageForm(ActionPageForm):
    """The editor's form for a call page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
