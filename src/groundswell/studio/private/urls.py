"""The addresses behind a messenger's private link. All that a proxy must let through is `/m/`."""

from django.urls import path, re_path

from groundswell.studio.private import views

urlpatterns = [
    path("m/<str:token>", views.one, name="private_messenger"),
    path("m/<str:token>/", views.one),
    path("m/<str:token>/effect", views.effect, name="private_effect"),
    path("m/<str:token>/picture/<int:image_id>", views.picture, name="private_picture"),
    re_path(r"^m/(?P<token>[^/]+)/report\.(?P<kind>pdf|png)$", views.thanks, name="private_report"),
    re_path(
        r"^m/(?P<token>[^/]+)/qr/(?P<code>[a-z0-9_-]{1,32})\.(?P<kind>svg|png)$",
        views.code,
        name="private_code",
    ),
]
