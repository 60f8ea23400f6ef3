"""What happens when the last approval is given. Wagtail imports this before it has models."""

from typing import Any


def publish(workflow_state: Any, user: Any = None) -> None:
    """Publish what was approved.

    Approving is the permission: a moderator may not publish an edit of their own, and so has no
    right to publish, but may approve what somebody else has made.
    """
    revision = workflow_state.content_object.get_latest_revision()
    revision.publish(user=user, skip_permission_checks=True)
