"""What offices answered is read by few, each reading is on record, and nothing in it runs."""

import pytest
from django.test import Client

from groundswell.delivery.inbox import replies as inbox
from groundswell.delivery.models import Reply
from groundswell.people import audit
from groundswell.people.models import AuditEntry
from groundswell.studio import roles
from groundswell.studio.delivery.tests import scene as scenes
from groundswell.studio.delivery.tests.scene import Scene
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db
MAIL = (
    b"From: Office of the Senator <office@senate.example>\r\n"
    b"Subject: =?utf-8?q?Your_letter_=E2=80=93_thank_you?=\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Dear Ann Example,\r\nwe <b>read</b> it <script>alert(1)</script>.\r\n"
)


@pytest.fixture
def scene() -> Scene:
    return scenes.make()


@pytest.fixture
def mona(scene: Scene) -> Client:
    return desk.client_of(roles.MODERATORS, name="mona")


def answer(scene: Scene, raw: bytes = MAIL, *, automatic: bool = False) -> Reply:
    (parcel,) = scene.send(1)
    assert inbox.store(parcel, raw, automatic=automatic)
    return Reply.objects.get(parcel=parcel)


def test_it_says_that_nobody_has_answered(mona: Client, scene: Scene) -> None:
    assert "No office has answered yet." in mona.get("/delivery/answers/").content.decode()


def test_it_lists_answers_without_their_words(mona: Client, scene: Scene) -> None:
    row = answer(scene)
    away = answer(scene, MAIL + b"away", automatic=True)
    html = mona.get("/delivery/answers/").content.decode()
    assert f"/delivery/answers/{row.pk}/" in html
    assert f"/delivery/answers/{away.pk}/" not in html
    assert "Ann Example" not in html
    assert (
        f"/delivery/answers/{away.pk}/"
        in mona.get("/delivery/answers/?automatic=1").content.decode()
    )
    assert not AuditEntry.objects.exists()


def test_it_narrows_to_one_page(mona: Client, scene: Scene) -> None:
    row = answer(scene)
    mine = mona.get(f"/delivery/answers/?page={scene.page_key}").content.decode()
    other = mona.get(f"/delivery/answers/?page={scene.campaign.translation_key}").content.decode()
    assert f"/delivery/answers/{row.pk}/" in mine
    assert f"/delivery/answers/{row.pk}/" not in other
    assert mona.get("/delivery/answers/?page=nonsense&after=x").status_code == 200


def test_it_shows_one_as_plain_text_and_writes_it_down(mona: Client, scene: Scene) -> None:
    row = answer(scene)
    html = mona.get(f"/delivery/answers/{row.pk}/").content.decode()
    assert "Your letter – thank you" in html
    assert "we &lt;b&gt;read&lt;/b&gt; it &lt;script&gt;alert(1)&lt;/script&gt;." in html
    (entry,) = AuditEntry.objects.all()
    assert (entry.organiser, entry.action, entry.object) == ("mona", audit.REPLY, row.target)
    assert "Ann" not in entry.detail
    assert mona.get("/delivery/answers/999999/").status_code == 404


def test_it_says_when_the_key_is_lost(mona: Client, scene: Scene) -> None:
    row = answer(scene)
    Reply.objects.filter(pk=row.pk).update(sealed=b"something else")
    html = mona.get(f"/delivery/answers/{row.pk}/").content.decode()
    assert "cannot be opened" in html


def test_it_lets_no_campaigner_read(scene: Scene) -> None:
    row = answer(scene)
    bob = desk.client_of(roles.CAMPAIGNERS, name="bob")
    for address in ("/delivery/answers/", f"/delivery/answers/{row.pk}/"):
        refused = bob.get(address)
        assert refused.status_code == 403
        assert "This is not part of your role." in refused.content.decode()
    assert "/delivery/answers/" not in bob.get("/delivery/").content.decode()
    assert not AuditEntry.objects.exists()
