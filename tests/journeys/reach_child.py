"""Adds a letter to one's own members of Congress to the demo's campaign. Run by test_reaching."""

from groundswell.ops import django

django.prepared()

from groundswell.campaigns import services  # noqa: E402
from groundswell.campaigns.models import Campaign, LetterPage, LetterText  # noqa: E402
from groundswell.ops.demo_content import SLUGS  # noqa: E402

if not LetterPage.objects.filter(slug="congress").exists():
    page = services.create_letter_page(
        campaign=Campaign.objects.get(slug=SLUGS["campaign"], locale__language_code="en"),
        title="Write to Congress about reading rooms",
        slug="congress",
        lookup_country="us",
        letters=[
            LetterText(
                own=["senate", "house"],
                subject="Reading rooms",
                body="{salutation},\n\nplease visit a reading room.\n\n{given_name} {family_name}",
            )
        ],
    )
    services.publish_now(page=page)
print("published")
