"""Whom a target list holds: a rule, kept as JSON, that is evaluated afresh each time."""

from collections.abc import Mapping
from typing import Any

import msgspec


class Rule(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Who is meant. Different properties narrow each other, values of one property widen it.

    `divisions` are OCD ids and take in everything below them. `committees` and `organizations` are
    keys. `keys` are hand-picked and come on top, `without` are taken out, whatever else is said.
    A rule with none of the properties holds the hand-picked alone.
    """

    kinds: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    committees: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def chooses(self) -> bool:
        """Whether it says more than who was picked by hand."""
        return bool(
            self.kinds or self.organizations or self.committees or self.parties
            or self.divisions or self.countries or self.sources
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        return dict(msgspec.to_builtins(self))


def read(rule: Mapping[str, Any]) -> Rule:
    """A rule from its JSON. Raises msgspec.ValidationError for anything that is none."""
    return msgspec.convert(dict(rule), Rule)
