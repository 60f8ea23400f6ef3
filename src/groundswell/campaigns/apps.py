from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "groundswell.campaigns"
    label = "campaigns"
    verbose_name = "Campaigns"

    def ready(self) -> None:
        from groundswell.campaigns import signals  # noqa: PLC0415  models must be loaded first

        signals.connect()
