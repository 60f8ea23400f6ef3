"""Addresses of the messengers desk: statements."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
