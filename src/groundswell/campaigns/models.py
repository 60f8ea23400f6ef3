"""Campaigns and their action pages, as Wagtail pages: what organisers write."""

from groundswell.campaigns.models_action import ActionPage, Ask
from groundswell.campaigns.models_call import CallPage
from groundswell.campaigns.models_campaign import Campaign, SiteHome
from groundswell.campaigns.models_counts import Count
from groundswell.campaigns.models_letter import Channel, LetterPage
from groundswell.campaigns.models_moments import Moment
from groundswell.campaigns.models_open_letter import (
    OpenLetterPage,
    PressPicture,
    TextRevision,
)
from groundswell.campaigns.models_parts import (
    ConsentBox,
    ConsentText,
    Demand,
    Partner,
    Question,
)
from groundswell.campaigns.models_pending import PendingPublish
from groundswell.campaigns.models_reach import Answer, LetterText, TalkingPoint
from groundswell.campaigns.models_signatories import Cosignature, Signatory, SignatoryStep
from groundswell.campaigns.models_site import Organisation

__all__ = [
    "ActionPage",
    "Answer",
    "Ask",
    "CallPage",
    "Campaign",
    "Channel",
    "ConsentBox",
    "ConsentText",
    "Cosignature",
    "Count",
    "Demand",
    "LetterPage",
    "LetterText",
    "Moment",
    "OpenLetterPage",
    "Organisation",
    "Partner",
    "PendingPublish",
    "PressPicture",
    "Question",
    "Signatory",
    "SignatoryStep",
    "SiteHome",
    "TalkingPoint",
    "TextRevision",
]
