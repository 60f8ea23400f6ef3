"""Fetching from the open internet on an operator's behalf, without being led astray by it."""
