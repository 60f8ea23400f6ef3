"""Addresses of the list of campaigns and of what follows publishing."""

from django.urls import path

from groundswell.studio.campaigns import views

urlpatterns = [
    path("localize/submit/page/<int:page_id>/", views.Translate.as_view(), name="translate"),
    path("pages/<int:page_id>/published/", views.published, name="published"),
    path("pages/<int:page_id>/publish-campaign/", views.publish_campaign, name="publish_campaign"),
]
