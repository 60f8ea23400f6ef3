from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "groundswell.studio"
    label = "studio"
    verbose_name = "Studio"

    def ready(self) -> None:
        from groundswell.studio import checks, roles  # noqa: PLC0415  models must be loaded first

        checks.register_all()
        roles.connect()
