"""The Django app of the console."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The console."""

    name = "custode.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
