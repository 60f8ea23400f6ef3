from django.apps import AppConfig


class DirectLineConfig(AppConfig):
    name = "groundswell.directline"
    label = "directline"
    verbose_name = "Direct line"
