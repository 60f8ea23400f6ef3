from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class StudioConfig(AppConfig):
    default = True
    name = "groundswell.studio"
    label = "studio"
    verbose_name = "Studio"

    def ready(self) -> None:
        from groundswell.studio import checks, roles  # noqa: PLC0415  models must be loaded first

        checks.register_all()
        roles.connect()


class OrganisersConfig(WagtailUsersAppConfig):
    """Wagtail's pages for organisers and roles, with ours in the place of some."""

    default = False
    user_viewset = "groundswell.studio.organisers.Organisers"
    group_viewset = "groundswell.studio.organisers.Roles"
