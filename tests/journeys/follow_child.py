"""Makes a tracked link to the demo's petition, or tells what came of links: `follow_child make`,
`follow_child told CODE`. Run by test_following.
"""

import json
import sys
from datetime import timedelta

from groundswell.ops import django

django.prepared()

from groundswell.base import clock  # noqa: E402
from groundswell.campaigns import moments  # noqa: E402
from groundswell.campaigns.models import ActionPage, Campaign  # noqa: E402
from groundswell.messengers.services_links import make_links  # noqa: E402
from groundswell.ops.demo_content import SLUGS  # noqa: E402


def make() -> str:
    """The code of a new link of the campaign's own."""
    campaign = Campaign.objects.get(slug=SLUGS["campaign"], locale__language_code="en")
    page = ActionPage.objects.child_of(campaign).filter(slug="sign").get()
    made = make_links(
        campaign_key=campaign.translation_key,
        page_key=page.translation_key,
        messengers=[None],
        networks=["bluesky"],
        languages=[""],
        by="journey",
    )
    return [*made.fresh, *made.known][0].code


def told(code: str) -> dict[str, list[int]]:
    """Visits and signatures of a link by language."""
    found: dict[str, list[int]] = {}
    for row in moments.since(clock.now() - timedelta(hours=1), sources=[code]):
        numbers = found.setdefault(row.language, [0, 0])
        numbers[0] += row.visits
        numbers[1] += row.collected
    return found


print(json.dumps(make() if sys.argv[1] == "make" else told(sys.argv[2])))
