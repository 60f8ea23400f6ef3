"""Parcels on their way to decision makers: each try, each answer, and nobody's words."""


class Gone(Exception):
    """There is no letter to send any more: its sender withdrew it or was erased. Says which."""


class Held(Exception):
    """The letter must not leave until an organiser has looked at it. Says why, without a name."""
