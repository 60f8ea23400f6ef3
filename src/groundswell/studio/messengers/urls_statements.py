"""Addresses of the messengers desk: texts, their approval, and the sources of their claims."""

from django.urls import URLPattern, path

from groundswell.studio.messengers import (
    sources,
    statements,
    statements_edit,
    statements_many,
    statements_yes,
)

_HERE = "messengers/<uuid:campaign_key>/texts/"
_ONE = f"{_HERE}<uuid:key>/"

urlpatterns: list[URLPattern] = [
    path(_HERE, statements.index, name="messengers_texts"),
    path(f"{_HERE}new/", statements_edit.new, name="messengers_text_new"),
    path(f"{_HERE}look/", statements_edit.measure, name="messengers_text_look"),
    path(f"{_HERE}many/", statements_many.many, name="messengers_texts_many"),
    path(f"{_HERE}sources/", sources.index, name="messengers_sources"),
    path(f"{_HERE}sources/<int:id>/", sources.edit, name="messengers_source"),
    path(f"{_HERE}sources/<int:id>/delete/", sources.delete, name="messengers_source_delete"),
    path(_ONE, statements.one, name="messengers_text"),
    path(f"{_ONE}edit/", statements_edit.edit, name="messengers_text_edit"),
    path(f"{_ONE}versions/", statements.changes, name="messengers_text_changes"),
    path(f"{_ONE}language/", statements_many.language, name="messengers_text_language"),
    path(f"{_ONE}approve/", statements_yes.approve, name="messengers_text_approve"),
    path(f"{_ONE}withdraw/", statements_yes.withdraw, name="messengers_text_withdraw"),
    path(f"{_ONE}comment/", statements_yes.comment, name="messengers_text_comment"),
    path(f"{_ONE}away/", statements_yes.put_away, name="messengers_text_away"),
    path(f"{_ONE}mark/", sources.mark, name="messengers_text_mark"),
    path(f"{_ONE}claims/<int:id>/", sources.claim, name="messengers_claim"),
]
