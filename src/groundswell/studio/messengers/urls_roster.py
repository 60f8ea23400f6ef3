"""Addresses of the messengers desk: roster."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
