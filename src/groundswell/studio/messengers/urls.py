"""The messengers desk's addresses, each part's in a file of its own."""

from django.urls import URLPattern

from groundswell.studio.messengers import urls_cards, urls_effect, urls_roster, urls_statements

urlpatterns: list[URLPattern] = [
    *urls_roster.urlpatterns,
    *urls_statements.urlpatterns,
    *urls_cards.urlpatterns,
    *urls_effect.urlpatterns,
]
