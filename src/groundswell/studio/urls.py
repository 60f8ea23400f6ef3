"""The studio's addresses. The public pages are files and have none here."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("", include("allauth.account.urls")),
    path("security/", include("allauth.mfa.urls")),
    path("", include(wagtailadmin_urls)),
]
