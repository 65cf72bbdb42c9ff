"""Starts the console layer."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The console layer."""

    name = "custode.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
