from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "groundswell.studio"
    label = "studio"
    verbose_name = "Studio"
