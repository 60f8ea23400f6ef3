"""Cards at the public door: there when they should be, new when they say something new, no more."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from groundswell.base import clock
from groundswell.campaigns import counters, pack, publish, publish_files
from groundswell.campaigns.counters import Change
from groundswell.messengers import links, services_links
from groundswell.messengers import services as roster
from groundswell.messengers.cards import publishing, queries, wanted
from groundswell.messengers.cards.tests import scene
from groundswell.messengers.cards.tests.scene import Scene
from groundswell.messengers.models import DrawnCard, Messenger, Status, TrackedLink
from groundswell.messengers.tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(publish_files, "site", lambda: pack.Site(tmp_path))
    monkeypatch.setattr(publishing, "SLICE", 100)
    return tmp_path / "public"


def count(one: Scene, number: int) -> None:
    counters.add([Change(one.page, "all", "", number, number)])


def pass_time(monkeypatch: pytest.MonkeyPatch, **more: float) -> None:
    later = clock.now() + timedelta(**more)
    monkeypatch.setattr(clock, "now", lambda: later)


def posts(one: Scene, status: Status = Status.AGREED) -> tuple[Messenger, TrackedLink]:
    """A messenger with a link to the campaign's petition."""
    mira = people.messenger()
    roster.involve(campaign_key=one.key, messengers=[mira], by="bob")
    if status != Status.INVITED:
        roster.set_status(part=mira.involvements.get(), status=status, by="bob")
    made = services_links.make_links(
        campaign_key=one.key, page_key=one.page, messengers=[mira], by="bob",
        networks=["instagram"], languages=["en"],
    )  # fmt: skip
    return mira, made.fresh[0]


def test_it_publishes_nothing_before_the_organiser_says_so(public: Path) -> None:
    one = scene.campaign("en")
    scene.design(one, live=False)
    publishing.refresh()
    assert scene.there(public) == []
    assert queries.files(one.page, "en") == []


def test_it_publishes_three_formats_in_each_language(public: Path) -> None:
    one = scene.campaign("en", "ar")
    scene.design(one)
    assert publishing.refresh() == 6
    assert scene.there(public) == sorted(
        f"cards/{one.page.hex}/{code}-{form}.png"
        for code in ("en", "ar")
        for form in ("og", "story", "square")
    )
    found = queries.files(one.page, "ar")
    assert [(file.format, file.width, file.height) for file in found] == [
        ("og", 1200, 630), ("story", 1080, 1920), ("square", 1080, 1080),
    ]  # fmt: skip
    assert queries.files(one.key, "ar") == found  # a link to the campaign has its first action's
    assert publishing.refresh() == 0


def test_it_draws_a_few_at_a_time(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "SLICE", 2)
    scene.design(scene.campaign("en"))
    assert [publishing.refresh() for _ in range(3)] == [2, 1, 0]
    assert len(scene.there(public)) == 3


def test_it_survives_other_publications(public: Path) -> None:
    one = scene.campaign("en")
    scene.design(one)
    publishing.refresh()
    before = scene.there(public)
    publish.publish_page(one.campaigns["en"])
    publish.publish_site()
    assert scene.there(public) == before


def test_it_draws_again_when_the_count_has_moved(
    public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = scene.campaign("en")
    scene.design(one)
    count(one, 1000)
    publishing.refresh()
    before = queries.files(one.page, "en")
    count(one, 500)
    assert publishing.refresh() == 0, "not within ten minutes"
    pass_time(monkeypatch, minutes=10)
    assert publishing.refresh() == 3
    after = queries.files(one.page, "en")
    assert [file.url.partition("?")[0] for file in before] == [
        file.url.partition("?")[0] for file in after
    ]
    assert {file.url for file in before}.isdisjoint(file.url for file in after)
    assert "1,500 people have signed" in after[0].alt


def test_it_lets_a_count_alone_that_has_hardly_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    one = scene.campaign("en")
    scene.design(one)
    count(one, 1000)
    publishing.refresh()
    count(one, 9)
    pass_time(monkeypatch, hours=3)
    assert publishing.refresh() == 0
    pass_time(monkeypatch, hours=22)
    assert publishing.refresh() == 3


def test_it_draws_again_at_once_when_the_design_changes(public: Path) -> None:
    one = scene.campaign("en")
    scene.design(one)
    publishing.refresh()
    scene.design(one, ground="#3b1212")
    assert publishing.refresh() == 3


def test_it_keeps_the_old_file_a_while_when_its_type_changes(
    public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = scene.campaign("en", lead_picture=_picture(), lead_picture_decorative=True)
    scene.design(one)
    publishing.refresh()
    scene.design(one, template="split")
    publishing.refresh()
    both = [f"cards/{one.page.hex}/en-og.{ending}" for ending in ("jpg", "png")]
    assert [path for path in scene.there(public) if "-og" in path] == both
    assert queries.files(one.page, "en")[0].url.partition("?")[0].endswith(both[0])
    pass_time(monkeypatch, days=8)
    publishing.refresh()
    assert [path for path in scene.there(public) if "-og" in path] == both[:1]


def test_it_takes_all_back_at_once(public: Path) -> None:
    one = scene.campaign("en")
    design = scene.design(one)
    publishing.refresh()
    scene.design(one, live=False)
    publishing.refresh()
    assert scene.there(public) == []
    assert not DrawnCard.objects.filter(campaign_key=design.campaign_key).exists()
    assert publish_files.load(publish_files.site()).scopes.get(f"cards:{one.key.hex}") is None


def test_it_takes_the_cards_of_a_campaign_that_is_gone(public: Path) -> None:
    one = scene.campaign("en")
    scene.design(one)
    publishing.refresh()
    one.campaigns["en"].unpublish()
    publishing.refresh()
    assert scene.there(public) == []


def test_it_tells_networks_of_a_messengers_card(public: Path) -> None:
    one = scene.campaign("en")
    scene.design(one, name_messengers=True)
    _mira, link = posts(one)
    publishing.refresh()
    path = queries.card_path(link)
    assert path.startswith(f"/cards/k/{link.code}-")
    assert len(path) == len(f"/cards/k/{link.code}-/") + 16
    html = (public / path.strip("/") / "index.html").read_text()
    image = queries.url(link, "og")
    assert "/cards/m/" in image
    assert f'<meta property="og:image" content="{image}">' in html
    assert f'<meta property="og:url" content="{links.address(link)}">' in html
    assert f'<link rel="canonical" href="{one.actions["en"].public_url}">' in html
    assert "Shared by Mira Solenne" in html  # in what the picture shows
    assert (public / image.partition("?")[0].split("/", 3)[3]).is_file()
    publish.publish_site()
    told = links.entries(publish_files.load(publish_files.site()))
    assert told[link.code]["card"] == path


@pytest.mark.parametrize("status", [Status.INVITED, Status.DECLINED])
def test_it_shows_nobody_who_has_not_agreed(public: Path, status: Status) -> None:
    one = scene.campaign("en")
    scene.design(one, name_messengers=True)
    _mira, link = posts(one, status)
    publishing.refresh()
    assert queries.card_path(link) == ""
    assert [path for path in scene.there(public) if "/k/" in path or "/m/" in path] == []


def test_it_forgets_who_declines_later(public: Path) -> None:
    one = scene.campaign("en")
    scene.design(one, name_messengers=True)
    mira, link = posts(one)
    publishing.refresh()
    roster.set_status(part=mira.involvements.get(), status=Status.DECLINED, by="bob")
    publishing.refresh()
    assert queries.card_path(link) == ""
    assert [path for path in scene.there(public) if "/k/" in path or "/m/" in path] == []


def test_it_names_no_messenger_unless_chosen(public: Path) -> None:
    one = scene.campaign("en")
    scene.design(one)
    _mira, link = posts(one)
    publishing.refresh()
    html = (public / queries.card_path(link).strip("/") / "index.html").read_text()
    assert "Mira" not in html
    assert queries.url(link, "og") == queries.files(one.page, "en")[0].url


def test_it_gives_the_pages_the_card_if_chosen(public: Path) -> None:
    one = scene.campaign("en")
    scene.design(one, page_picture=True)
    publishing.refresh()
    publish.publish_page(one.campaigns["en"])
    card = queries.files(one.page, "en")[0]
    for path in ("en/river/index.html", "en/river/sign/index.html"):
        assert f'<meta property="og:image" content="{card.url}">' in (public / path).read_text()
    scene.design(one, page_picture=False)
    publish.publish_page(one.campaigns["en"])
    assert card.url not in (public / "en/river/index.html").read_text()


def test_it_says_why_a_card_could_not_be_drawn_and_goes_on(public: Path) -> None:
    one = scene.campaign("en", "ar")
    made = scene.design(one)
    made.texts = {"en": {"headline": "A flag: \U0001f1fa\U0001f1f8", "line": ""}}
    made.save()
    publishing.refresh()
    assert len(scene.there(public)) == 3
    trouble = DrawnCard.objects.filter(language="en").exclude(trouble="")
    assert len(trouble) == 3
    assert "no font" in trouble[0].trouble
    assert publishing.refresh() == 0, "it is not tried again at once"


def test_it_lets_one_campaigns_trouble_hold_up_no_other(
    public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = scene.campaign("en")
    scene.design(one)
    whole = wanted.plan

    def broken(design: Any, **more: Any) -> Any:
        if design.campaign_key != one.key:
            raise RuntimeError("a bug")
        return whole(design, **more)

    from groundswell.messengers.models import CardDesign

    CardDesign.objects.create(campaign_key="e" * 32, live=True, changed_at=clock.from_ms(0))
    monkeypatch.setattr(wanted, "plan", broken)
    with pytest.raises(RuntimeError):
        publishing.refresh()
    assert len(scene.there(public)) == 3


def test_it_makes_files_again_that_are_gone(public: Path) -> None:
    """A restored installation has its rows, and an empty folder of public files."""
    one = scene.campaign("en")
    scene.design(one)
    _mira, link = posts(one)
    publishing.refresh()
    before, address = scene.there(public), queries.card_path(link)
    assert len(before) == 4
    for path in before:
        (public / path).unlink()
    publishing.refresh()
    assert scene.there(public) == before
    assert queries.card_path(link) == address


def test_it_asks_little_when_nothing_is_due(
    django_assert_max_num_queries: Any, public: Path
) -> None:
    scene.design(scene.campaign("en"))
    publishing.refresh()
    with django_assert_max_num_queries(20) as asked:
        publishing.refresh()
    assert isinstance(asked, CaptureQueriesContext)


def _picture() -> Any:
    from groundswell.campaigns.tests import public_pages

    return public_pages.make_picture()
