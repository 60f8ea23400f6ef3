"""The public sees what became of letters and calls, decision maker by decision maker."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from groundswell.campaigns import became, publish, services
from groundswell.campaigns.models import Campaign, LetterPage
from groundswell.campaigns.tests import deciders
from groundswell.campaigns.tests.public_pages import make_campaign, make_home
from groundswell.campaigns.tests.test_letter_pages import CAMPAIGN, call, letter
from groundswell.delivery.models import TargetTally

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    deciders.load()
    return make_campaign(make_home())


@pytest.fixture
def page(public: Path, campaign: Campaign) -> LetterPage:
    made = letter(campaign)
    publish.publish_page(made)
    return made


@pytest.fixture
def told() -> Iterator[dict[str, Any]]:
    """What callers said, as the room above would tell."""
    said: dict[str, Any] = {}
    before = became._Calls.tallies
    became.tell_calls_by(lambda page_keys: said)
    yield said
    became.tell_calls_by(before)


def count(page: LetterPage, target: str = "test/senator-1", **numbers: int) -> None:
    TargetTally.objects.update_or_create(
        page_key=page.page_key,
        target=target,
        channel="email",
        defaults={
            "campaign_key": page.campaign.translation_key,
            "target_name": "Ada <Fenwick>",
            "organization": "Senate",
            **numbers,
        },
    )


def shown(public: Path) -> str:
    return (public / CAMPAIGN / "index.html").read_text(encoding="utf-8")


def test_it_says_nothing_before_anything_went_out(public: Path, page: LetterPage) -> None:
    assert "What became of the letters" not in shown(public)
    assert became.refresh() == 0


def test_it_shows_each_number_soon_and_escapes_names(public: Path, page: LetterPage) -> None:
    count(page, accepted=1200, queued=3, bounced=2)
    assert became.refresh() == 1
    html = shown(public)
    assert "What became of the letters" in html
    assert "Ada &lt;Fenwick&gt;" in html
    assert "<b>1,200</b> accepted by the office’s server" in html
    assert "<b>3</b> on the way" in html
    assert "opened" not in html
    count(page, accepted=1203, queued=0)
    assert became.refresh() == 1
    assert "<b>1,203</b>" in shown(public)
    assert "on the way" not in shown(public)
    assert became.refresh() == 0


def test_it_gives_all_of_them_as_data(public: Path, page: LetterPage) -> None:
    for number in range(became.MOST_SHOWN + 5):
        count(page, f"test/{number}", accepted=number + 1)
    became.refresh()
    file = public / became.path(page.page_key.hex)
    found = msgspec.json.decode(file.read_bytes(), type=became.TargetsFile)
    assert len(found.targets) == became.MOST_SHOWN + 5
    assert found.targets[0].counts == {"accepted": became.MOST_SHOWN + 5}
    assert shown(public).count("accepted by the office") == became.MOST_SHOWN
    assert "And 5 more." in shown(public)


def test_it_keeps_the_numbers_when_the_page_is_published_again(
    public: Path, page: LetterPage
) -> None:
    count(page, accepted=5)
    publish.publish_page(page)
    assert "<b>5</b> accepted" in shown(public)
    assert became.refresh() == 0


def test_it_tells_of_calls_only_what_the_directory_knows(
    public: Path, campaign: Campaign, told: dict[str, Any]
) -> None:
    publish.publish_page(call(campaign))
    told |= {deciders.MINISTER: {"reached": 4, "busy": 0}, "made/up": {"reached": 9}}
    assert became.refresh() == 1
    html = shown(public)
    assert "Marta Quill" in html
    assert "<b>4</b> spoke to somebody" in html
    assert "made/up" not in html


def test_it_takes_the_data_away_with_the_page(public: Path, page: LetterPage) -> None:
    count(page, accepted=5)
    became.refresh()
    page.unpublish()
    services.publish_now(page=page.campaign)
    publish.publish_page(page)
    assert not (public / became.path(page.page_key.hex)).exists()
    assert "What became" not in shown(public)
