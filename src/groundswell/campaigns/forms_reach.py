"""What only the whole form of a letter or call page can check, once it is to be published."""

from typing import Any

from django.utils.translation import gettext as _

from groundswell.campaigns.forms import ActionPageForm

REPLY: str = "reply_to"


class LetterPageForm(ActionPageForm):
    """The editor's form for a letter page. A draft may be as unfinished as it likes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _may_be_empty(self)

    def is_valid(self) -> bool:
        valid = super().is_valid()
        free = self._leaves_replies_free()
        if self.is_deferred_validation:
            return valid and free
        return all([valid, free, *(self._check(row) for row in self._rows("letters"))])

    def _check(self, row: Any) -> bool:
        # Models load after forms.
        from groundswell.campaigns import checks_reach, reach  # noqa: PLC0415

        said = row.cleaned_data
        chosen = reach.Chosen.of(said)
        ways = reach.WAYS.get(self.cleaned_data.get("channel", ""), reach.WAYS["auto"])
        problems = checks_reach.reachable(chosen) | checks_reach.text(
            subject=said.get("subject") or "", body=said.get("body") or "", limit=reach.limit(ways)
        )
        for field, words in problems.items():
            row.add_error(field, words)
        return not problems

    def _leaves_replies_free(self) -> bool:
        taken = [
            row for row in self._rows("consent_boxes") if row.cleaned_data.get("purpose") == REPLY
        ]
        for row in taken:
            words = _("We ask this ourselves: see “let offices answer directly”.")
            row.add_error("purpose", words)
        return not taken


class CallPageForm(ActionPageForm):
    """The editor's form for a call page. A draft may be as unfinished as it likes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _may_be_empty(self)

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if self.is_deferred_validation or not hasattr(self, "cleaned_data"):
            return valid
        from groundswell.campaigns import checks_reach, reach  # noqa: PLC0415  models load after

        problems = checks_reach.reachable(reach.Chosen.of(self.cleaned_data))
        for field, words in problems.items():
            self.add_error(field, words)
        return valid and not problems


def _may_be_empty(form: Any) -> None:
    if "text" in form.fields:
        form.fields["text"].required = False
