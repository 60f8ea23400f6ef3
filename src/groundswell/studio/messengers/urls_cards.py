"""Addresses of the messengers desk: cards."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
