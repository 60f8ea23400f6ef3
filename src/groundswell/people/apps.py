from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "groundswell.people"
    label = "people"
    verbose_name = "Supporters"

    def ready(self) -> None:
        from groundswell.campaigns import became  # noqa: PLC0415  models must be loaded first
        from groundswell.people import calls  # noqa: PLC0415

        became.tell_calls_by(calls.tallies)
