"""The addresses of the delivery desk, below the studio's."""

from django.urls import path

from groundswell.studio.delivery import actions, downloads, handover, replies, views

urlpatterns = [
    path("delivery/", views.index, name="desk_delivery"),
    path("delivery/live/", views.index_live, name="desk_delivery_live"),
    path(
        "delivery/campaign/<uuid:campaign_key>/pause/",
        actions.pause_campaign,
        name="desk_delivery_pause_campaign",
    ),
    path(
        "delivery/campaign/<uuid:campaign_key>/resume/",
        actions.resume_campaign,
        name="desk_delivery_resume_campaign",
    ),
    path("delivery/answers/", replies.index, name="desk_delivery_replies"),
    path("delivery/answers/<int:id>/", replies.one, name="desk_delivery_reply"),
    path("delivery/letter/<uuid:key>/", views.message, name="desk_delivery_message"),
    path("delivery/letter/<uuid:key>/again/", actions.again_one, name="desk_delivery_again_one"),
    path("delivery/<uuid:page_key>/", views.report, name="desk_delivery_report"),
    path("delivery/<uuid:page_key>/live/", views.report_live, name="desk_delivery_report_live"),
    path("delivery/<uuid:page_key>/letters/", views.messages, name="desk_delivery_messages"),
    path("delivery/<uuid:page_key>/letters.csv", downloads.report_csv, name="desk_delivery_csv"),
    path("delivery/<uuid:page_key>/handover/", handover.index, name="desk_delivery_handover"),
    path(
        "delivery/<uuid:page_key>/handover/file/",
        handover.file,
        name="desk_delivery_handover_file",
    ),
    path("delivery/<uuid:page_key>/pause/", actions.pause, name="desk_delivery_pause"),
    path("delivery/<uuid:page_key>/resume/", actions.resume, name="desk_delivery_resume"),
    path("delivery/<uuid:page_key>/hold/", actions.hold, name="desk_delivery_hold"),
    path("delivery/<uuid:page_key>/release/", actions.release, name="desk_delivery_release"),
    path("delivery/<uuid:page_key>/again/", actions.again, name="desk_delivery_again"),
]
