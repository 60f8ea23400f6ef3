from django.apps import AppConfig


class MessengersConfig(AppConfig):
    name = "groundswell.messengers"
    label = "messengers"
    verbose_name = "Messengers"
