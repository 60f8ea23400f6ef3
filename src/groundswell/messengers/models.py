"""All tables of this room; each file holds one matter."""

from groundswell.messengers.models_links import PrivateLink, TrackedLink
from groundswell.messengers.models_roster import (
    Group,
    Involvement,
    InvolvementStep,
    Messenger,
    Post,
    Profile,
    Status,
)

__all__ = [
    "Group",
    "Involvement",
    "InvolvementStep",
    "Messenger",
    "Post",
    "PrivateLink",
    "Profile",
    "Status",
    "TrackedLink",
]
