"""What the offices of the US Congress ask of whoever writes to them, for a letter's page."""

from groundswell.base.congress import PREFIXES, TOPICS, US_STATES

__all__ = ["PREFIXES", "TOPICS", "US_STATES"]
