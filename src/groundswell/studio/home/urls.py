"""Home's own addresses, below the studio's."""

from django.urls import path

from groundswell.studio.home import views

urlpatterns = [
    path("live/", views.live, name="desk_live"),
    path("actions/<uuid:page_key>/", views.action, name="desk_action"),
    path("actions/<uuid:page_key>/live/", views.action_live, name="desk_action_live"),
]
