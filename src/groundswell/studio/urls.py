"""The studio's addresses. The public pages are files and have none here."""

from allauth.account import views as account
from csp.decorators import csp_replace
from django.http import Http404
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.views import defaults
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from groundswell.base import env
from groundswell.studio import views
from groundswell.studio.campaigns import views as campaigns
from groundswell.studio.openletters import private as signatory
from groundswell.studio.private import urls as private

# The pages where passwords are typed run no script and show no style that is not a file of ours.
entrance = csp_replace({"script-src": ["'self'"], "style-src": ["'self'"]})

urlpatterns = [
    *decorate_urlpatterns(
        [
            path("login/", account.login, name="account_login"),
            path("logout/", account.logout, name="account_logout"),
            path("inactive/", account.account_inactive, name="account_inactive"),
            path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
            path("password/reset/", account.password_reset, name="account_reset_password"),
            path(
                "password/reset/done/",
                account.password_reset_done,
                name="account_reset_password_done",
            ),
            path(
                "password/reset/key/done/",
                account.password_reset_from_key_done,
                name="account_reset_password_from_key_done",
            ),
            re_path(
                r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
                account.password_reset_from_key,
                name="account_reset_password_from_key",
            ),
            path("security/", include("allauth.mfa.urls")),
        ],
        entrance,
    ),
    path("favicon.ico", RedirectView.as_view(url=static("studio/logo.svg"))),
    # A preview is a public page seen from here: its links lead to the public door.
    re_path(rf"^(?:{'|'.join(env.load().language_codes)})/", views.public_page),
    path("favicon.svg", views.public_page),
    # wagtail-localize cannot do without Wagtail's documents; organisers can.
    re_path(r"^documents/", defaults.page_not_found, {"exception": Http404()}),
    # A first signatory's own page, for people without an account.
    re_path(r"^s/(?P<token>[^/]*)/?$", signatory.page, name="signatory"),
    re_path(r"^s/(?P<token>[^/]*)/picture/$", signatory.picture, name="signatory_picture"),
    *private.urlpatterns,
    path("pages/", campaigns.campaigns, name="campaigns"),
    path("media/<path:path>", views.media, name="media"),
    path("", include(wagtailadmin_urls)),
]
