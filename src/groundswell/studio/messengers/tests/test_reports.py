"""Reports: what the page, the PDF, the picture and the files say is what the rows say."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
import typst
from django.contrib.auth.models import Group
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from groundswell.base import clock
from groundswell.campaigns.models import ActionPage
from groundswell.campaigns.models_moments import Moment
from groundswell.delivery.pdf import drawing
from groundswell.messengers.models import Messenger, Post, Statement, StatementVersion
from groundswell.messengers.tests import scenes
from groundswell.studio.home.tests import desk
from groundswell.studio.messengers import report

pytestmark = pytest.mark.django_db


class Scene:
    """A campaign with a page of letters and one petition, and a singer who carries it."""

    def __init__(self, name: str = "Mira Sol") -> None:
        desk.furnish()
        campaign = desk.make_campaign("Keep the river")
        self.letters = desk.make_page(campaign, title="Write to the mayor").page_key
        self.petition = desk.make_page(campaign, title="Sign").page_key
        ActionPage.objects.filter(translation_key=self.letters).update(kind="letter")
        self.key: UUID = campaign.translation_key
        self.mira: Messenger = scenes.messenger(name, instagram=1_000_000)
        self.link = scenes.link("mi1", self.mira, self.key, self.letters)
        scenes.link("own1", None, self.key, self.petition, network="newsletter")
        self.client: Client = desk.client_of("Campaigners")

    def happens(self) -> None:
        at = clock.now() - timedelta(hours=2)
        Post.objects.create(
            messenger=self.mira, campaign_key=self.key, network="instagram", at=at, link=self.link
        )
        change = scenes.change
        scenes.happened(
            [
                change(self.letters, "mi1", at, "en", "", visits=405_000, previews=12),
                change(
                    self.letters, "mi1", at, "vi", "VN", visits=999, collected=300, confirmed=210
                ),
                change(self.petition, "mi1", at, "en", "FR", collected=20, confirmed=15),
                change(self.petition, "own1", at, visits=5, collected=1),
                change(self.petition, "whatsapp", at, collected=77),
            ]
        )

    def get(self, name: str, key: UUID | None = None) -> Any:
        return self.client.get(reverse(name, args=[self.key, *([key] if key else [])]))


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    made.happens()
    return made


def rows(answer: HttpResponseBase) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(text)))


def test_it_says_in_a_sentence_what_a_messenger_brought(scene: Scene) -> None:
    text = scene.get("messengers_report", scene.mira.key).content.decode()
    said = "Mira Sol brought 405,999 visits, 210 letters and 15 signatures, from 2 countries."
    assert said in text
    assert "The country is known for 0%" in text
    assert "12 openings were theirs" in text
    assert "What cannot be known" in text
    assert "were expected in the time the curve shows" in text


def test_it_reports_the_campaigns_own_links(scene: Scene) -> None:
    text = scene.get("messengers_report_own").content.decode()
    assert "own links brought 5 visits." in text
    assert "not known: nothing here tells it" in text


def test_it_says_the_same_on_paper(scene: Scene) -> None:
    answer = scene.get("messengers_report_pdf", scene.mira.key)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="mira-sol-keep-the-river.pdf"'
    reader = PdfReader(BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for words in ("405,999 visits", "210 letters", "Vietnam", "Instagram", "What cannot be known"):
        assert words in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]  # read aloud in order
    assert reader.trailer["/Root"]["/Lang"].startswith("en")  # type: ignore[index]


def test_it_draws_a_picture_to_share(scene: Scene) -> None:
    answer = scene.get("messengers_report_png", scene.mira.key)
    assert answer["Content-Type"] == "image/png"
    assert Image.open(BytesIO(answer.content)).size == (1080, 1080)
    assert len(answer.content) < 400_000


@pytest.mark.parametrize("name", ["Նարեկ Սարգսյան", "ليلى منصور", "Đặng Thị Ánh", "高橋あおい"])
def test_it_draws_names_in_any_script(name: str) -> None:
    scene = Scene(name)
    scene.happens()
    for kind in ("pdf", "png"):
        assert scene.get(f"messengers_report_{kind}", scene.mira.key).status_code == 200


def test_it_says_when_a_script_cannot_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(drawing, "fonts", lambda: bare)
    scene = Scene("高橋あおい")
    scene.happens()
    answer = scene.client.get(
        reverse("messengers_report_pdf", args=[scene.key, scene.mira.key]), follow=True
    )
    assert "cannot be drawn here" in answer.content.decode()


def test_it_gives_every_minute_as_a_file(scene: Scene) -> None:
    found = rows(scene.get("messengers_report_csv", scene.mira.key))
    stored = Moment.objects.filter(source="mi1")
    assert len(found) == stored.count()
    for name in ("visits", "previews", "collected", "confirmed"):
        assert sum(int(row[name]) for row in found) == sum(stored.values_list(name, flat=True))
    assert {row["link"] for row in found} == {"mi1"}


def test_it_gives_every_link_as_a_file(scene: Scene) -> None:
    scenes.link("quiet", scenes.messenger("=cmd()"), scene.key, scene.letters)
    found = {row["link"]: row for row in rows(scene.get("messengers_reports_csv"))}
    assert found["mi1"]["visits"] == "405999"
    assert found["own1"]["collected"] == "1"
    assert found["quiet"]["visits"] == "0"
    assert found["quiet"]["messenger"] == "'=cmd()"


def test_it_sets_messengers_texts_and_times_beside_each_other(scene: Scene) -> None:
    statement = Statement.objects.create(
        messenger=scene.mira, campaign_key=scene.key, network="instagram", language="en",
        link=scene.link, made_at=clock.now(),
    )  # fmt: skip
    StatementVersion.objects.create(
        statement=statement, number=1, text="Our <river>, our city.", at=clock.now()
    )
    text = scene.get("messengers_reports").content.decode()
    assert "Our &lt;river&gt;" in text
    assert "406.0" in text  # for each thousand of a million followers
    assert text.count("405,999") >= 3  # of the messenger, the text and the post
    assert "406,004" in text  # all links together


def test_it_has_something_to_say_before_anything_happened() -> None:
    scene = Scene()
    assert "Nothing came through" in scene.get("messengers_report", scene.mira.key).content.decode()
    assert scene.get("messengers_report_pdf", scene.mira.key).status_code == 200
    assert scene.get("messengers_report_png", scene.mira.key).status_code == 200
    assert scene.get("messengers_reports").status_code == 200
    assert rows(scene.get("messengers_report_csv", scene.mira.key)) == []


def test_it_reports_hours_once_minutes_are_gone() -> None:
    scene = Scene()
    long_ago = clock.now() - timedelta(days=30)
    at = long_ago.replace(minute=0)
    scenes.happened([scenes.change(scene.letters, "mi1", at, visits=40)])
    text = scene.get("messengers_report", scene.mira.key).content.decode()
    assert "by the hour" in text
    assert "What is older than two weeks is known by the hour" in text
    made = report.make(scene.mira, scene.key, campaign="Keep the river")
    assert made.chart is not None
    assert made.chart.highest == 40


def test_it_is_for_those_who_may_see_messengers(scene: Scene) -> None:
    kinds = ("", "_pdf", "_png", "_csv")
    names = [f"messengers_report{kind}" for kind in kinds]
    for name in names:
        assert scene.get(name, uuid4()).status_code == 404
    Group.objects.get(name="Moderators").permissions.clear()
    stranger = desk.client_of("Moderators")
    for name in names:
        address = reverse(name, args=[scene.key, scene.mira.key])
        assert stranger.get(address).status_code in {302, 403}
    for name in ("messengers_reports", "messengers_reports_csv", "messengers_report_own_pdf"):
        assert stranger.get(reverse(name, args=[scene.key])).status_code in {302, 403}
        assert scene.client.get(reverse(name, args=[uuid4()])).status_code == 404
