"""The sample site's letter and call pages: views alone, in two languages."""

from dataclasses import replace
from typing import Any, Final

from django.utils.safestring import SafeString

from groundswell.campaigns.publish_files import Edition
from groundswell.campaigns.render import language
from groundswell.campaigns.render_pages import Pages
from groundswell.campaigns.render_reach_views import (
    AnswerView,
    CallView,
    LetterView,
    OfficeView,
    PointView,
    TargetView,
    TextView,
)
from groundswell.campaigns.render_views import (
    ActionCard,
    Alternate,
    CampaignView,
    ConsentView,
    State,
)
from groundswell.campaigns.tests.sample_views import LANGS, campaign_view, tally
from groundswell.kinds.registry import KINDS

LETTER: Final = "d" * 32
CALL: Final = "e" * 32
KEYS: Final = (LETTER, CALL)
PATHS: Final = {
    "campaign with a letter and a call": "/{lang}/quay/",
    "letter": "/{lang}/quay/write/",
    "letter thanks": "/{lang}/quay/write/thanks/",
    "letter confirm": "/{lang}/quay/write/confirm/",
    "letter report": "/{lang}/quay/write/report/",
    "letter reported": "/{lang}/quay/write/reported/",
    "call": "/{lang}/quay/call/",
    "call thanks": "/{lang}/quay/call/thanks/",
}
BODY: Final = (
    "{salutation},\n\nI live in {city} ({postcode}), and I walk along the quay every day.\n\n"
    "{points}\n\nPlease vote for the money that mends the quay wall before the winter floods. It "
    "has held for a hundred and forty years; it will not hold for another one without help.\n\n"
    "I would be glad to hear how you decide.\n\n{given_name} {family_name}"
)


def targets() -> tuple[TargetView, ...]:
    """Two invented offices, one with two places to call."""
    harbour = TargetView(
        key="csv/1/harbour",
        name="Marta Quill",
        role="Minister of Harbours",
        organization="Ministry of Harbours",
        party="Tide",
        salutation="Dear Minister Quill",
        kind="minister",
        channel="email",
        phone="+44 20 7946 0101",
        hours="Mo-Fr 09:00-17:00",
        zone="Europe/London",
        offices=(
            OfficeView(city="Aldermere", phone="+44 20 7946 0102", lat=51.5, lon=-0.1),
            OfficeView(city="Saltings", phone="+44 20 7946 0103", hours="Mo-Th 10:00-15:00"),
        ),
    )
    bridge = TargetView(
        key="csv/1/bridges",
        name="Office of Bridges",
        organization="City of Aldermere",
        channel="form",
        form="https://bridges.example/contact",
        phone="+44 20 7946 0104",
    )
    return harbour, bridge


def letter_view(lang: str, **changes: Any) -> LetterView:
    """A letter to the supporter's own people and two fixed offices, which have a text of theirs."""
    fixed = tuple(replace(one, group="desk") for one in targets())
    texts = (
        TextView(
            group="", label="Those who represent you", subject="Mend the quay wall", body=BODY,
            limit=10_000, own=("senate", "house"),
        ),
        TextView(
            group="desk", label="", subject="The quay wall", body=BODY, limit=4_000, targets=fixed
        ),
    )  # fmt: skip
    asked = dict.fromkeys(("prefix", "given_name", "family_name", "email"), True)
    asked |= dict.fromkeys(("street", "city", "region", "postcode"), True)
    view = LetterView(
        **_shared(lang, "write", LETTER, "letter"),
        asked=asked | {"phone": False, "copy": False},
        lookup="us",
        own=("senate", "house"),
        targets=fixed,
        texts=texts,
        points=(
            PointView("point_walk", "I walk there", "I walk there with my children."),
            PointView("point_flood", "My cellar was flooded", "My cellar was under water in May."),
        ),
        channels=("cwc", "email", "form", "print"),
        consents=(ConsentView(purpose="reply_to", text="They may answer me.", versions=("v1",)),),
    )
    return replace(view, **changes)


RING: Final = ConsentView(
    purpose="ring",
    text="Yes, ring me.",
    versions=("0123456789ab", "123456789abc"),
    required=True,
)


def call_view(lang: str, **changes: Any) -> CallView:
    """A call to the supporter's own people and two fixed offices."""
    view = CallView(
        **_shared(lang, "call", CALL, "call"),
        asked={"target": True, "outcome": True, "postcode": True, "email": False},
        lookup="us",
        own=("house",),
        targets=targets(),
        opening="Hello, my name is … and I live in … .",
        say=SafeString("<p>Please mend the quay wall before the winter.</p>"),
        closing="Thank you. May I hear how you decide?",
        answers=(AnswerView("Are you a constituent?", SafeString("<p>Say your postcode.</p>")),),
    )
    return replace(view, **changes)


def add(made: Edition, pages: Pages, lang: str, *, state: State = "open") -> None:
    """The campaign with its letter and its call, in a language."""
    campaign = _campaign(lang, state)
    actions = (letter_view(lang), call_view(lang))
    cards = tuple(ActionCard(one.title, one.path, state, one.tally, one.kind) for one in actions)
    made.add_page(pages.campaign(campaign, cards), f"quay.{lang}")
    for action in actions:
        for page in pages.action(action, campaign):
            made.add_page(page, page.path)
    rung = call_view(lang, ring=RING, lookup="", own=(), asked={})
    for page in pages.action(rung, campaign):
        if "/ring/" in page.path:
            made.add_page(page, page.path)


def _campaign(lang: str, state: State) -> CampaignView:
    paths = tuple(Alternate(language(code), f"/{code}/quay/") for code in LANGS)
    return replace(
        campaign_view(lang), path=f"/{lang}/quay/", alternates=paths, state=state, title="The quay"
    )


def _shared(lang: str, slug: str, key: str, kind: str) -> dict[str, Any]:
    return {
        "page": key,
        "title": "Save the quay wall",
        "path": f"/{lang}/quay/{slug}/",
        "alternates": tuple(Alternate(language(code), f"/{code}/quay/{slug}/") for code in LANGS),
        "kind": KINDS[kind],
        "tally": replace(tally(page=key), kind=KINDS[kind]),
        "text": SafeString(""),
        "share_text": "Help the quay:",
        "share_subject": "Would you write?",
    }
