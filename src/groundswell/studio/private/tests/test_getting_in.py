"""Whoever has the link is let in, nobody else is, and nobody else learns anything."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from groundswell.base import clock, env, keyring, private_link
from groundswell.delivery.tests.mailserver import use_settings
from groundswell.messengers import services, services_links, services_private
from groundswell.messengers.models import PrivateLink
from groundswell.studio import roles
from groundswell.studio.home.tests import desk
from groundswell.studio.private import guard
from groundswell.studio.private.tests import scene as scenes
from groundswell.studio.private.tests.scene import Scene, address

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_guesses_from_other_tests() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def scene() -> Scene:
    return scenes.make()


@pytest.fixture
def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


def body(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return str(answer.content.decode())


def test_it_opens_for_whoever_has_the_link(scene: Scene, stranger: Client) -> None:
    scene.text(scene.nira)
    shown = body(stranger, address(scene.private(scene.nira)))
    assert "Save the Lantern River" in shown
    assert "For Nira Solenne" in shown
    assert "Our river is not a drain." in shown


def test_it_sets_no_cookie_and_leaves_no_trace(scene: Scene, stranger: Client) -> None:
    for path in (address(scene.private(scene.nira)), "/m/" + "x" * 43):
        answer = stranger.get(path)
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"].startswith("noindex")
        assert answer["X-Frame-Options"] == "DENY"
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "data:" not in policy


def test_it_shows_the_same_to_an_organiser_who_is_logged_in(scene: Scene) -> None:
    bob = desk.client_of(roles.CAMPAIGNERS, name="bobby")
    path = address(scene.private(scene.nira))
    assert body(bob, path) == body(Client(), path)
    assert not bob.get(path).cookies


def test_it_needs_no_second_factor(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(monkeypatch, require_two_factor=True)
    bob = desk.client_of(roles.CAMPAIGNERS, name="bobby")
    assert body(bob, address(scene.private(scene.nira)))


def _tokens(scene: Scene) -> dict[str, str]:
    """Links that open nothing, each for another reason."""
    good = scene.private(scene.nira)
    token = address(good)[3:]
    over = scene.private(scene.teo)
    PrivateLink.objects.filter(pk=over.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    revoked = scene.private(scene.nira)  # which has also replaced the first
    services_links.revoke_private_link(link=revoked, by="bob")
    secret = keyring.secret(env.load().path("keys"), "session")
    campaign = desk.make_campaign("Another campaign")
    elsewhere = scene.private(scene.teo, campaign=campaign.translation_key)
    campaign.delete()
    return {
        "replaced": token,
        "over": address(over)[3:],
        "revoked": address(revoked)[3:],
        "tampered": token[:-1] + ("A" if token[-1] != "A" else "Q"),
        "cut": token[:-4],
        "guessed": "A" * 43,
        "another's purpose": private_link.token(good.key, secret, private_link.SIGNATORY),
        "unknown row": private_link.token(scene.key, secret, private_link.MESSENGER),
        "campaign gone": address(elsewhere)[3:],
    }


def test_it_gives_all_that_opens_nothing_one_answer(scene: Scene, stranger: Client) -> None:
    answers = {why: stranger.get(f"/m/{token}") for why, token in _tokens(scene).items()}
    assert {why: answer.status_code for why, answer in answers.items()} == dict.fromkeys(
        answers, 404
    )
    assert len({answer.content for answer in answers.values()}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers.values()}) == 1
    shown = answers["revoked"].content.decode()
    assert "This link does not work" in shown
    assert "Nira" not in shown
    assert "Lantern" not in shown


def test_it_answers_to_nothing_once_it_is_revoked(scene: Scene, stranger: Client) -> None:
    text = scene.text(scene.nira, pictures=((scenes.picture().pk, "A river"),))
    link = scene.private(scene.nira)
    code = scene.link(scene.nira).code
    image = text.pictures.get().image_id
    rests = ("", "/effect", f"/picture/{image}", f"/qr/{code}.svg")
    paths = [address(link, rest) for rest in rests]
    for path in paths:
        answer = stranger.get(path)
        assert answer.status_code == 200
        b"".join(getattr(answer, "streaming_content", ()))  # which closes the file
    services_links.revoke_private_link(link=link, by="bob")
    assert {stranger.get(path).status_code for path in paths} == {404}
    given = {"do": "approve", "text": str(text.key), "version": "1"}
    assert stranger.post(address(link), given).status_code == 404
    assert not text.versions.get().approvals.filter(side="them").exists()


def test_it_closes_with_a_messenger_who_left(scene: Scene, stranger: Client) -> None:
    path = address(scene.private(scene.nira))
    services.archive(messenger=scene.nira)
    assert stranger.get(path).status_code == 404


def test_it_tells_one_nothing_of_another(scene: Scene, stranger: Client) -> None:
    scene.text(scene.teo, "Teo's own words. {link}")
    scene.text(scene.nira)
    picture = scenes.picture()
    scene.text(scene.teo, network="mastodon", pictures=((picture.pk, "His"),))
    path = address(scene.private(scene.nira))
    shown = body(stranger, path)
    code = scene.link(scene.teo).code
    for word in ("Teo", "Marquand", code, str(scene.teo.key)):
        assert word not in shown
    for rest in (f"/picture/{picture.pk}", f"/qr/{code}.png"):
        assert stranger.get(path + rest).status_code == 404


def test_it_shows_one_campaign_alone(scene: Scene, stranger: Client) -> None:
    text = scene.text(scene.nira)
    other = desk.make_campaign("Another campaign")
    path = address(scene.private(scene.nira, campaign=other.translation_key))
    shown = body(stranger, path)
    assert "Another campaign" in shown
    assert "Lantern" not in shown
    assert "drain" not in shown
    given = {"do": "approve", "text": str(text.key), "version": "1"}
    assert stranger.post(path, given).status_code == 404
    assert not text.versions.get().approvals.filter(side="them").exists()


def test_it_shows_no_draft(scene: Scene, stranger: Client) -> None:
    scene.text(scene.nira, "Not ready yet {link}", ours=False)
    assert "Not ready yet" not in body(stranger, address(scene.private(scene.nira)))


def test_it_turns_other_sites_forms_away(scene: Scene, stranger: Client) -> None:
    text = scene.text(scene.nira)
    path = address(scene.private(scene.nira))
    given = {"do": "approve", "text": str(text.key), "version": "1"}
    for site in ("cross-site", "same-site"):
        assert stranger.post(path, given, headers={"Sec-Fetch-Site": site}).status_code == 404
    assert not text.versions.get().approvals.filter(side="them").exists()
    answer = stranger.post(path, given, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 302
    assert text.versions.get().approvals.filter(side="them").exists()


def test_it_tells_robots_of_chats_nothing_and_counts_them_not(
    scene: Scene, stranger: Client
) -> None:
    link = scene.private(scene.nira)
    path = address(link)
    for agent in ("WhatsApp/2.23.20.0", "TelegramBot (like TwitterBot)"):
        shown = stranger.get(path, headers={"User-Agent": agent})
        assert b"Lantern" not in shown.content
        assert b"Nira" not in shown.content
    link.refresh_from_db()
    assert (link.openings, link.last_opened_at) == (0, None)


def test_it_slows_down_who_tries_many(scene: Scene, stranger: Client) -> None:
    path = address(scene.private(scene.nira))
    for number in range(guard.GUESSES):
        assert stranger.get(f"/m/{'A' * 40}{number:03}").status_code == 404
    answer = stranger.get("/m/" + "B" * 43)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    # Neither somebody elsewhere nor whoever has a good link is held up by it.
    assert stranger.get(path).status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.9").get("/m/" + "B" * 43).status_code == 404


def test_it_would_let_them_try_for_ever(
    scene: Scene, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the count there is no end to it."""
    monkeypatch.setattr(guard, "_too_many", lambda _request: False)
    answers = {stranger.get(f"/m/{'A' * 40}{n:03}").status_code for n in range(guard.GUESSES + 5)}
    assert answers == {404}


def test_it_counts_visits_and_not_reloads(
    scene: Scene, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = scene.private(scene.nira)
    path = address(link)
    for _ in range(3):
        body(stranger, path)
    stranger.head(path)
    stranger.get(path + "/effect")
    link.refresh_from_db()
    assert link.openings == 1
    later = clock.now() + services_private.SAME_VISIT + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    body(stranger, path)
    link.refresh_from_db()
    assert link.openings == 2


@pytest.mark.parametrize("rest", ["/picture/1", "/qr/x7p2.svg", "/effect", "/"])
def test_it_finds_nothing_below_a_wrong_token(scene: Scene, stranger: Client, rest: str) -> None:
    assert stranger.get("/m/" + "A" * 43 + rest).status_code == 404


def test_it_takes_no_other_method(scene: Scene, stranger: Client) -> None:
    path = address(scene.private(scene.nira))
    assert {stranger.put(path).status_code, stranger.delete(path).status_code} == {405}
    assert stranger.post(path + "/effect").status_code == 405


def test_it_lies_outside_of_what_organisers_log_into() -> None:
    assert reverse("private_messenger", args=["t"]) == "/m/t"
    assert settings.ROOT_URLCONF == "groundswell.studio.urls"
