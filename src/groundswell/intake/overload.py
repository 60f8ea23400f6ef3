"""Turning away what cannot be stored in time, as cheaply as an answer can be.

A refusal costs the same core that stores, so it must cost little: it is decided before the body is
read, and the answer was made before. What that gives up is the filled-in form of a browser without
our script: it keeps what was typed itself, so going back or sending again loses nothing, and the
page says so. The script keeps the form anyway and sends it again.
"""

from typing import Final

from groundswell.base.errors import Busy
from groundswell.intake import answers
from groundswell.intake.answers import Answer
from groundswell.intake.check import Form
from groundswell.intake.site import Site, Snapshot

# A few different ones, or all who were turned away in one moment would be back in one moment.
RETRY_SECONDS: Final = (2, 4, 3, 5)


class Overload:
    """The answers to whoever is turned away. It belongs to the event loop."""

    def __init__(self, site: Site) -> None:
        self.turned_away = 0
        self._site = site
        self._made_for: Snapshot | None = None
        self._made: dict[tuple[str, bool, int], Answer] = {}

    def answer(self, form: Form | None, *, in_json: bool) -> Answer:
        """The next refusal, for a form's page or for the API."""
        if self._made_for is not self._site.snapshot:
            self._made_for, self._made = self._site.snapshot, {}
        self.turned_away += 1
        seconds = RETRY_SECONDS[self.turned_away % len(RETRY_SECONDS)]
        key = (form.spec.path if form else "", in_json, seconds)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(form, in_json, Busy(seconds))
        return made

    def _make(self, form: Form | None, in_json: bool, busy: Busy) -> Answer:
        if form is None:
            return answers.as_json(busy, site=self._site)
        if in_json:
            return answers.as_json(busy, site=self._site, words=form.spec.messages)
        return answers.as_page(busy, site=self._site, path=form.spec.path)
