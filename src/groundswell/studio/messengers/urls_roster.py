"""Addresses of the messengers desk: roster, people, links."""

from django.urls import URLPattern, path

from groundswell.studio.messengers import (
    links,
    roster,
    roster_campaign,
    roster_groups,
    roster_import,
)

_CAMPAIGN = "messengers/campaign/<uuid:campaign_key>/"
_PART = f"{_CAMPAIGN}people/<uuid:key>/"
_LINK = f"{_CAMPAIGN}links/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path("messengers/", roster.index, name="messengers"),
    path("messengers/roster/", roster.roster, name="messengers_roster"),
    path("messengers/roster/new/", roster.new, name="messengers_new"),
    path("messengers/roster/import/", roster_import.upload, name="messengers_import"),
    path("messengers/roster/import/example.csv", roster_import.example, name="messengers_example"),
    path("messengers/roster/groups/", roster_groups.groups, name="messengers_groups"),
    path("messengers/roster/groups/add/", roster_groups.add, name="messengers_group_add"),
    path("messengers/roster/groups/<int:id>/", roster_groups.edit, name="messengers_group"),
    path(
        "messengers/roster/groups/<int:id>/delete/",
        roster_groups.delete,
        name="messengers_group_delete",
    ),
    path("messengers/roster/<uuid:key>/", roster.one, name="messengers_one"),
    path("messengers/roster/<uuid:key>/edit/", roster.edit, name="messengers_edit"),
    path("messengers/roster/<uuid:key>/archive/", roster.archive, name="messengers_archive"),
    path(_CAMPAIGN, roster_campaign.campaign, name="messengers_campaign"),
    path(_PART, roster_campaign.part, name="messengers_part"),
    path(f"{_PART}step/", roster_campaign.step, name="messengers_step"),
    path(f"{_PART}private/", roster_campaign.make_private, name="messengers_private"),
    path(f"{_PART}revoke/", roster_campaign.revoke_private, name="messengers_revoke"),
    path(f"{_PART}posts/", roster_campaign.add_post, name="messengers_post"),
    path(
        f"{_PART}posts/<int:id>/delete/",
        roster_campaign.delete_post,
        name="messengers_post_delete",
    ),
    path(f"{_CAMPAIGN}links/", links.index, name="messengers_links"),
    path(_LINK, links.one, name="messengers_link"),
    path(f"{_LINK}retire/", links.retire, name="messengers_link_retire"),
    path(f"{_LINK}qr/<str:kind>", links.file, name="messengers_qr"),
]
