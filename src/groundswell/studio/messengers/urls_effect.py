"""Addresses of the messengers desk: effect."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
