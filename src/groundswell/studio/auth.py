"""How organisers get in: no sign-up, and a second factor where the installation asks for one."""

from collections.abc import Callable
from typing import Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from groundswell.base import env

# What an organiser who has no second factor yet may still reach: setting it up, and leaving.
# Private pages know no organiser: they are for whoever has the link.
OPEN_WITHOUT: Final = (
    "/security/", "/logout/", "/login/", "/reauthenticate/", "/static/", "/m/", "/s/",
)  # fmt: skip


class OrganiserAdapter(DefaultAccountAdapter):
    """Organisers are invited by an administrator; nobody signs up."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False


class RequireSecondFactor:
    """Sends an organiser without a second factor to set one up, when the settings ask for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not env.load().two_factor or not self._must_set_up(request):
            return self.get_response(request)
        messages.warning(
            request,
            _("Before you go on, add a passkey or an authenticator app to your account."),
        )
        return redirect(reverse("mfa_index"))

    def _must_set_up(self, request: HttpRequest) -> bool:
        if request.path.startswith(OPEN_WITHOUT) or not request.user.is_authenticated:
            return False
        return not is_mfa_enabled(request.user)
