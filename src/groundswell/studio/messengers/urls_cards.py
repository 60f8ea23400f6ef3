"""Addresses of the messengers desk: cards."""

from django.urls import URLPattern, path

from groundswell.studio.messengers import cards

urlpatterns: list[URLPattern] = [
    path("messengers/<uuid:campaign_key>/cards/", cards.index, name="messengers_cards"),
    path(
        "messengers/<uuid:campaign_key>/cards/contrast/",
        cards.contrast,
        name="messengers_cards_contrast",
    ),
    path(
        "messengers/<uuid:campaign_key>/cards/<str:language>/<slug:format_name>/",
        cards.picture,
        name="messengers_cards_picture",
    ),
]
