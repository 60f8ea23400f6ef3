"""The addresses of the directory's desk, below the studio's."""

from django.urls import path

from groundswell.studio.directory import corrections, editions, imports, search, targetlists, views

urlpatterns = [
    path("directory/", views.index, name="desk_directory"),
    path("directory/search.json", search.search, name="desk_directory_search"),
    path("directory/changes/", views.changes, name="desk_directory_changes"),
    path("directory/contact/<int:id>/", corrections.contact, name="desk_directory_contact"),
    path(
        "directory/contact/<int:id>/standing/",
        corrections.standing,
        name="desk_directory_standing",
    ),
    path("directory/check/<path:key>/", corrections.checked, name="desk_directory_checked"),
    path("directory/add/<path:key>/", corrections.add, name="desk_directory_add"),
    path("directory/correct/<path:key>/", corrections.person, name="desk_directory_correct"),
    path("directory/editions/", editions.index, name="desk_directory_editions"),
    path("directory/editions/<int:id>/undo/", editions.undo, name="desk_directory_undo"),
    path(
        "directory/editions/<int:id>/left-out.csv", editions.refused, name="desk_directory_refused"
    ),
    path("directory/import/", imports.upload, name="desk_directory_import"),
    path("directory/import/check/", imports.check, name="desk_directory_import_check"),
    path("directory/import/to-mend.csv", imports.broken, name="desk_directory_import_broken"),
    path("directory/lists/", targetlists.index, name="desk_directory_lists"),
    path("directory/lists/new/", targetlists.new, name="desk_directory_list_new"),
    path("directory/lists/preview/", targetlists.preview, name="desk_directory_list_preview"),
    path("directory/lists/<int:id>/", targetlists.edit, name="desk_directory_list"),
    path("directory/lists/<int:id>/delete/", targetlists.delete, name="desk_directory_list_delete"),
    path("directory/who/<path:key>/", views.one, name="desk_directory_one"),
]
