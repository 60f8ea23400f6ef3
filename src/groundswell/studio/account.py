"""What an organiser's account page shows beside Wagtail's own panels."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import BaseSettingsPanel


class NothingToFill(forms.ModelForm):  # type: ignore[type-arg]
    """Wagtail wants a form of each panel; this one only leads elsewhere."""

    class Meta:
        model = get_user_model()
        fields: tuple[str, ...] = ()


class SecondFactorPanel(BaseSettingsPanel):
    """The way to passkeys, authenticator app and recovery codes."""

    name = "second_factor"
    title = _("Passkeys and second factor")
    order = 150
    template_name = "studio/account_second_factor.html"
    form_class = NothingToFill

    def get_context_data(self) -> dict[str, Any]:
        return {**super().get_context_data(), "enabled": is_mfa_enabled(self.user)}
