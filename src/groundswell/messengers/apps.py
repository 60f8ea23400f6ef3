from django.apps import AppConfig


class MessengersConfig(AppConfig):
    name = "groundswell.messengers"
    label = "messengers"
    verbose_name = "Messengers"

    def ready(self) -> None:
        from groundswell.campaigns import social  # noqa: PLC0415  models must be loaded first
        from groundswell.messengers.cards import queries  # noqa: PLC0415

        social.ask(queries.page_picture)
