"""What only the whole form of an open letter can check, once it is to be published."""

from typing import Final

from django.utils.translation import gettext as _

from groundswell.campaigns.forms import ActionPageForm
from groundswell.kinds.open_letter.kind import DISPLAY, TEXT

_OURS: Final = frozenset({DISPLAY, TEXT})


class OpenLetterForm(ActionPageForm):
    """The editor's form for an open letter. A draft may be as unfinished as it likes."""

    def is_valid(self) -> bool:
        valid = all([super().is_valid(), self._leaves_our_boxes_free()])
        if self.is_deferred_validation or not hasattr(self, "cleaned_data"):
            return valid
        # Models load after forms.
        from groundswell.campaigns import checks_reach, letter_texts, reach  # noqa: PLC0415

        said = self.cleaned_data
        aim = reach.Chosen.of(said)
        problems = checks_reach.reachable(aim)
        if not (aim.lists or aim.keys):
            problems = {"keys": _("Say whom it is addressed to: a list, or single people.")}
        if "text" in said:
            problems |= letter_texts.unexplained(
                page=self.instance,
                title=said.get("title") or "",
                salutation=said.get("salutation") or "",
                text=said.get("text") or "",
                to=[*aim.lists, *aim.keys],
                note=said.get("change_note") or "",
            )
        for field, words in problems.items():
            self.add_error(field, words)
        return valid and not problems

    def _leaves_our_boxes_free(self) -> bool:
        rows = self._rows("consent_boxes")
        taken = [row for row in rows if row.cleaned_data.get("purpose") in _OURS]
        for row in taken:
            row.add_error("purpose", _("We ask this ourselves. Choose another purpose."))
        return not taken
