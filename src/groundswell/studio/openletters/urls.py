"""The addresses of the open letters' desk, below the studio's."""

from django.urls import path

from groundswell.studio.openletters import (
    adding,
    deliver,
    downloads,
    firsts,
    flagged,
    ordering,
    public,
    views,
)

urlpatterns = [
    path("open-letters/", views.index, name="openletters"),
    path("open-letters/<uuid:page_key>/", firsts.index, name="openletters_one"),
    path("open-letters/<uuid:page_key>/add/", adding.add, name="openletters_add"),
    path("open-letters/<uuid:page_key>/links.csv", downloads.links, name="openletters_links"),
    path("open-letters/<uuid:page_key>/order/", ordering.order, name="openletters_order"),
    path("open-letters/<uuid:page_key>/mail/", firsts.mail, name="openletters_mail"),
    path("open-letters/<uuid:page_key>/ask-again/", firsts.ask_again, name="openletters_ask"),
    path("open-letters/<uuid:page_key>/first/<uuid:key>/", firsts.one, name="openletters_first"),
    path(
        "open-letters/<uuid:page_key>/first/<uuid:key>/picture/",
        downloads.picture,
        name="openletters_picture",
    ),
    path(
        "open-letters/<uuid:page_key>/first/<uuid:key>/do/", firsts.do, name="openletters_first_do"
    ),
    path(
        "open-letters/<uuid:page_key>/first/<uuid:key>/remove/",
        firsts.remove,
        name="openletters_remove",
    ),
    path("open-letters/<uuid:page_key>/public/", public.index, name="openletters_public"),
    path("open-letters/<uuid:page_key>/public/decide/", public.decide, name="openletters_decide"),
    path("open-letters/<uuid:page_key>/flags/", flagged.index, name="openletters_flags"),
    path("open-letters/<uuid:page_key>/flags/settle/", flagged.settle, name="openletters_settle"),
    path("open-letters/<uuid:page_key>/delivery/", deliver.index, name="openletters_delivery"),
    path("open-letters/<uuid:page_key>/delivery/send/", deliver.send, name="openletters_send"),
    path(
        "open-letters/<uuid:page_key>/delivery/handed/", deliver.handed, name="openletters_handed"
    ),
    path("open-letters/<uuid:page_key>/delivery/pack/", downloads.pack, name="openletters_pack"),
]
