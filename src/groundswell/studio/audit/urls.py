"""The audit log's address, below the studio's."""

from django.urls import path

from groundswell.studio.audit import views

urlpatterns = [path("audit/", views.index, name="desk_audit")]
