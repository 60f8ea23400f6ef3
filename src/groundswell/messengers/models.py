"""All tables of this room; each file holds one matter."""

from groundswell.messengers.models_cards import CardDesign, DrawnCard
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
from groundswell.messengers.models_statements import (
    Approval,
    Claim,
    Comment,
    Side,
    Source,
    Statement,
    StatementPicture,
    StatementVersion,
)

__all__ = [
    "Approval",
    "CardDesign",
    "Claim",
    "Comment",
    "DrawnCard",
    "Group",
    "Involvement",
    "InvolvementStep",
    "Messenger",
    "Post",
    "PrivateLink",
    "Profile",
    "Side",
    "Source",
    "Statement",
    "StatementPicture",
    "StatementVersion",
    "Status",
    "TrackedLink",
]
