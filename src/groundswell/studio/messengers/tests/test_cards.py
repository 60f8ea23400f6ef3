"""The Cards tab: who may choose, what is refused and how, and what becomes of it."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.messengers.cards.tests import scene
from groundswell.messengers.models import CardDesign
from groundswell.studio.home.tests import desk

pytestmark = pytest.mark.django_db

CHOICES = {
    "template": "frame", "ground": "#1d1d3b", "ink": "#ffffff", "accent": "#ffd166", "shade": "72",
    "show_count": "on", "headline_en": "A river\nfor all", "line_en": "",
}  # fmt: skip


@pytest.fixture
def key() -> UUID:
    desk.furnish()
    campaign = desk.make_campaign("Keep the river")
    desk.make_page(campaign)
    return UUID(str(campaign.translation_key))


@pytest.fixture
def client(key: UUID) -> Client:
    return desk.client_of("Campaigners")


def tab(key: UUID) -> str:
    return reverse("messengers_cards", args=[key])


def picture(key: UUID, language: str = "en", form: str = "og") -> str:
    return reverse("messengers_cards_picture", args=[key, language, form])


def test_it_saves_a_design(client: Client, key: UUID) -> None:
    assert client.get(tab(key)).status_code == 200
    answer = client.post(tab(key), {**CHOICES, "save": "1"})
    assert answer.status_code == 302
    design = CardDesign.objects.get()
    assert (design.campaign_key, design.template, design.live) == (key, "frame", False)
    assert design.texts == {"en": {"headline": "A river\nfor all", "line": ""}}
    assert design.changed_by


def test_it_draws_each_format_before_anything_is_saved(client: Client, key: UUID) -> None:
    for form, size in (("og", (1200, 630)), ("story", (1080, 1920)), ("square", (1080, 1080))):
        answer = client.get(picture(key, form=form), CHOICES)
        assert answer["Content-Type"] == "image/png"
        assert scene.opened(answer.content).size == size
    assert not CardDesign.objects.exists()


def test_it_lets_a_card_be_downloaded(client: Client, key: UUID) -> None:
    answer = client.get(picture(key), {"download": ""})
    assert answer["Content-Disposition"] == 'attachment; filename="card-en-og.png"'


def test_it_names_the_contrast_it_refuses(client: Client, key: UUID) -> None:
    faint = {**CHOICES, "ink": "#3a3a5a"}
    answer = client.post(tab(key), {**faint, "save": "1"})
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "a contrast of 1.4:1, and 4.5:1 is needed" in words
    assert "A river\nfor all" in words, "nothing typed is lost"
    assert not CardDesign.objects.exists()
    drawn = client.get(picture(key), faint)
    assert (drawn.status_code, drawn["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert "1.4:1" in drawn.content.decode()


def test_it_shows_contrasts_at_once(client: Client, key: UUID) -> None:
    url = reverse("messengers_cards_contrast", args=[key])
    assert "gw-contrast--bad" not in client.get(url, CHOICES).content.decode()
    assert "gw-contrast--bad" in client.get(url, {**CHOICES, "ink": "#3a3a5a"}).content.decode()


def test_it_refuses_what_does_not_fit_or_has_no_letters_here(client: Client, key: UUID) -> None:
    flag = {**CHOICES, "headline_en": "Go \U0001f1fa\U0001f1f8", "live": "on", "save": "1"}
    assert "no font on this machine draws" in client.post(tab(key), flag).content.decode()
    long = {**CHOICES, "headline_en": "W" * 120, "live": "on", "save": "1"}
    assert "Too long for the card of 1200×630" in client.post(tab(key), long).content.decode()
    photo = {**CHOICES, "template": "photo", "live": "on", "save": "1"}
    assert "the campaign has none" in client.post(tab(key), photo).content.decode()
    assert not CardDesign.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ground": "red"},
        {"ground": "#12"},
        {"template": "none"},
        {"shade": "7000"},
        {"shade": ""},
        {"headline_en": "x" * 121},
    ],
)
def test_it_names_the_field_of_a_wrong_choice(
    client: Client, key: UUID, wrong: dict[str, str]
) -> None:
    sent = {**CHOICES, **wrong}
    answer = client.post(tab(key), {**sent, "save": "1"})
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.context["form"].errors
    assert client.get(picture(key), sent).status_code == 422


def test_it_knows_no_other_campaigns_languages_or_formats(client: Client, key: UUID) -> None:
    assert client.get(picture(key, language="xx")).status_code == 404
    assert client.get(picture(key, form="poster")).status_code == 404
    assert client.get(tab(UUID("e" * 32))).status_code == 404


def test_it_lets_moderators_look_and_not_change(key: UUID) -> None:
    looks = desk.client_of("Moderators")
    assert looks.get(tab(key)).status_code == 200
    assert looks.get(picture(key)).status_code == 200
    assert looks.post(tab(key), {**CHOICES, "save": "1"}).status_code == 403
    assert not CardDesign.objects.exists()


def test_it_shows_choices_without_a_script(client: Client, key: UUID) -> None:
    answer = client.post(tab(key), {**CHOICES, "look": "1"})
    assert answer.status_code == 200
    assert "template=frame" in answer.content.decode()
    assert not CardDesign.objects.exists()
