"""A messenger's side reads, says yes, asks for a change and says that they have posted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from groundswell.base import clock
from groundswell.messengers import queries, services, services_private, services_statements
from groundswell.messengers.models import Comment, DrawnCard, Post, Status
from groundswell.messengers.services_statements import NO_TIMES, Content
from groundswell.studio.private.tests import scene as scenes
from groundswell.studio.private.tests.scene import WORDS, Scene, address

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return scenes.make()


@pytest.fixture
def path(scene: Scene) -> str:
    return address(scene.private(scene.nira))


def html(path: str, **given: str) -> str:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path, given, follow=True) if given else client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def change(scene: Scene, text: object, words: str) -> None:
    """The organisers save another wording, and say yes to it."""
    row = services_statements.save(
        key=text.key,  # type: ignore[attr-defined]  # a Statement
        edit=0,
        content=Content(words, link_id=scene.link(scene.nira).pk),
        times=NO_TIMES,
        by="bob",
    )
    services_statements.approve(key=row.key, version=2, by="bob")


def test_it_shows_the_text_as_it_is_posted(scene: Scene, path: str) -> None:
    scene.text(scene.nira, suggested_at=clock.now() + timedelta(days=1))
    shown = html(path)
    link = scene.link(scene.nira)
    assert f"/k/{link.code}</p>" in shown
    assert "Open in X" in shown
    assert f"%2Fk%2F{link.code}" in shown
    assert "(Yerevan)" in shown
    assert 'data-copy="words-' in shown
    assert "{link}" not in shown


def test_it_holds_a_text_back_until_its_embargo_is_over(scene: Scene, path: str) -> None:
    scene.text(scene.nira, embargo_until=clock.now() + timedelta(days=1))
    shown = html(path)
    assert "Please do not post before" in shown
    assert "Open in X" not in shown


def test_it_takes_their_yes(scene: Scene, path: str) -> None:
    text = scene.text(scene.nira)
    assert "Waits for your yes" in html(path)
    given = {"do": "approve", "text": str(text.key), "version": "1", "who": "Ada, her manager"}
    shown = html(path, **given)
    assert "your yes has been noted" in shown
    assert "You said yes" in shown
    (yes,) = text.versions.get().approvals.filter(side="them")
    assert (yes.who, yes.messenger_id) == ("Ada, her manager", scene.nira.pk)
    html(path, **given)
    assert text.versions.get().approvals.filter(side="them").count() == 1
    html(path, do="withdraw", text=str(text.key), version="1")
    assert not text.versions.get().approvals.filter(side="them", withdrawn_at=None).exists()


def test_it_notes_no_yes_to_what_they_have_not_read(scene: Scene, path: str) -> None:
    text = scene.text(scene.nira)
    html(path)
    change(scene, text, "Quite another text {link}")
    given = {"do": "approve", "text": str(text.key), "version": "1"}
    answer = Client().post(path, given)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "This text has changed since you opened the page" in shown
    assert "Quite another text" in shown
    assert not text.versions.filter(approvals__side="them").exists()


def test_it_would_note_it_for_a_version_that_was_not_asked_for(scene: Scene, path: str) -> None:
    """The control: the version that is sent along is all that tells the two apart."""
    text = scene.text(scene.nira)
    change(scene, text, "Quite another text {link}")
    html(path, do="approve", text=str(text.key), version="2")
    assert text.versions.get(approvals__side="them").number == 2


def test_it_takes_no_yes_while_we_work_on_it(scene: Scene, path: str) -> None:
    text = scene.text(scene.nira)
    html(path)
    services_statements.withdraw(key=text.key, version=1, by="bob")
    given = {"do": "approve", "text": str(text.key), "version": "1"}
    assert Client().post(path, given).status_code == 409
    shown = html(path)
    assert "Being changed" in shown
    assert WORDS[:20] not in shown


def test_it_asks_for_a_change_and_takes_the_yes_back(scene: Scene, path: str) -> None:
    text = scene.text(scene.nira)
    html(path, do="approve", text=str(text.key), version="1")
    shown = html(
        path, do="say", change="1", text=str(text.key), version="1", words="<b>Shorter</b>, please"
    )
    assert "Please change: &lt;b&gt;Shorter&lt;/b&gt;, please" in shown
    assert "Waits for your yes" in shown
    said = Comment.objects.get()
    assert (said.side, said.messenger_id, said.author) == ("them", scene.nira.pk, "Nira Solenne")


def test_it_keeps_what_was_too_long(scene: Scene, path: str) -> None:
    text = scene.text(scene.nira)
    long = "x" * 2001
    answer = Client().post(
        path, {"do": "say", "text": str(text.key), "version": "1", "words": long}
    )
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"do": ""},
        {"do": "dance"},
        {"do": "approve"},
        {"do": "approve", "text": "x", "version": "1"},
        {"do": "approve", "text": str(uuid4()), "version": "one"},
        {"do": "say", "text": "", "version": "", "words": "x"},
        {"do": "posted", "network": "smoke signals"},
        {"do": "posted", "network": "x", "url": "not an address"},
        {"do": "posted", "network": "x", "url": "javascript://x/%0aalert(1)"},
        {"do": "posted", "network": "x", "url": "https://x.example/" + "y" * 600},
    ],
)
def test_it_bears_nonsense_and_says_what_to_do(
    scene: Scene, path: str, given: dict[str, str]
) -> None:
    answer = Client().post(path, given)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Post.objects.exists()


def test_it_refuses_a_text_that_is_not_theirs(scene: Scene, path: str) -> None:
    other = scene.text(scene.teo)
    for given in (
        {"do": "approve", "text": str(other.key), "version": "1"},
        {"do": "withdraw", "text": str(other.key), "version": "1"},
        {"do": "say", "text": str(other.key), "version": "1", "words": "mine"},
    ):
        assert Client().post(path, given).status_code == 404
    assert not Comment.objects.exists()


def test_it_hears_that_they_have_posted_and_shows_what_it_does(scene: Scene, path: str) -> None:
    link = scene.link(scene.nira)
    scenes.visits(link, scene.page_key, 4120, collected=311)
    assert "4,120" not in html(path)
    shown = html(path, do="posted", network="x", url="x.example/nira/status/1")
    assert "4,120" in shown
    assert "311" in shown
    (post,) = Post.objects.all()
    assert (post.url, post.link) == ("https://x.example/nira/status/1", link)
    part = queries.part(campaign_key=scene.key, key=scene.nira.key)
    assert part is not None
    assert part.status == Status.POSTED
    scenes.visits(link, scene.page_key, 5)
    assert "4,125" in html(path + "/effect")


def test_it_takes_a_post_that_is_told_twice_for_one(scene: Scene, path: str) -> None:
    html(path, do="posted", network="x")
    shown = html(path, do="posted", network="x", url="https://x.example/nira/status/1")
    assert "We have this post already." in shown
    html(path, do="posted", network="x", url="https://x.example/nira/status/1")
    assert [post.url for post in Post.objects.all()] == ["https://x.example/nira/status/1"]
    html(path, do="posted", network="x", url="https://x.example/nira/status/2")
    assert Post.objects.count() == 2


def test_it_marks_what_is_new_since_last_time(
    scene: Scene, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = scene.text(scene.nira)
    assert "New since last time" not in html(path)
    later = clock.now() + services_private.SAME_VISIT + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    change(scene, text, "Another text {link}")
    scene.text(scene.nira, network="mastodon")
    even_later = later + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: even_later)
    for _ in range(2):  # a reload is the same visit
        shown = html(path)
        assert "New since last time: 2" in shown
        assert "Changed since last time" in shown
        assert "How it read before" in shown


def test_it_gives_pictures_and_codes_to_save(scene: Scene, path: str) -> None:
    image = scenes.picture()
    scene.text(scene.nira, pictures=((image.pk, "A river in the evening"),))
    shown = html(path)
    assert 'alt="A river in the evening"' in shown
    got = Client().get(f"{path}/picture/{image.pk}")
    assert got["Content-Type"] == "image/png"
    assert b"".join(got.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    code = scene.link(scene.nira).code
    assert Client().get(f"{path}/qr/{code}.png").content.startswith(b"\x89PNG")
    drawn = Client().get(f"{path}/qr/{code}.svg")
    assert drawn["Content-Type"] == "image/svg+xml"


def test_it_thanks_them_with_a_report_once_we_have_said_so(scene: Scene, path: str) -> None:
    scenes.visits(scene.link(scene.nira), scene.page_key, 4120, collected=311)
    html(path, do="posted", network="x")
    assert Client().get(f"{path}/report.png").status_code == 404
    part = queries.part(campaign_key=scene.key, key=scene.nira.key)
    assert part is not None
    services.set_status(part=part, status=Status.THANKED, by="bob")
    assert "Nira Solenne brought 4,120 visits" in html(path)
    assert Client().get(f"{path}/report.png").content.startswith(b"\x89PNG")
    assert Client().get(f"{path}/report.pdf").content.startswith(b"%PDF")


def test_it_gives_their_own_cards_to_save(scene: Scene, path: str) -> None:
    scene.link(scene.nira)
    for key, name in (("", "all"), (scene.nira.key.hex, "hers"), (scene.teo.key.hex, "his")):
        DrawnCard.objects.create(
            campaign_key=scene.key, page_key=scene.page_key, language="en", format="square",
            messenger_key=key, path=f"cards/{name}.png", fingerprint="f", digest="d",
            alt=f"A card for {name}", drawn_at=clock.now(),
        )  # fmt: skip
    shown = html(path)
    assert "cards/hers.png?v=d" in shown
    assert "his.png" not in shown


def test_it_speaks_their_language(scene: Scene) -> None:
    shown = html(address(scene.private(scene.teo)))
    assert '<html lang="ar" dir="rtl">' in shown
