"""The addresses of the direct line's desk, below the studio's."""

from django.urls import path

from groundswell.studio.directline import actions, exports, views

urlpatterns = [
    path("direct-line/", views.index, name="direct_line"),
    path("direct-line/new/", actions.new, name="direct_line_new"),
    path("direct-line/export/", exports.export, name="direct_line_export"),
    path("direct-line/<uuid:key>/", views.one, name="direct_line_entry"),
    path("direct-line/<uuid:key>/change/", actions.change, name="direct_line_change"),
    path("direct-line/<uuid:key>/done/", actions.done, name="direct_line_done"),
    path("direct-line/<uuid:key>/erase/", actions.erase, name="direct_line_erase"),
]
