from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "groundswell.directory"
    label = "directory"
    verbose_name = "Directory"
