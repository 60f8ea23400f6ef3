"""The mailbox page: what the mail sink has caught, for people and for scripts."""

from groundswell.ops.mailbox.server import server

__all__ = ["server"]
