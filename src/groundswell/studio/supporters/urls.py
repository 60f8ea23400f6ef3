"""The addresses of the supporters' pages, below the studio's."""

from django.urls import path

from groundswell.studio.supporters import actions, exports, views

urlpatterns = [
    path("supporters/", views.index, name="desk_supporters"),
    path("supporters/find/", views.find, name="desk_find"),
    path("supporters/export/", exports.export_csv, name="desk_export"),
    path("supporters/<uuid:id>/", views.one, name="desk_supporter"),
    path("supporters/<uuid:id>/resend/", actions.resend, name="desk_resend"),
    path("supporters/<uuid:id>/withdraw/", actions.withdraw, name="desk_withdraw"),
    path("supporters/<uuid:id>/erase/", actions.erase, name="desk_erase"),
]
