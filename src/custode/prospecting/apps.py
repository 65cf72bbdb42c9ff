"""Starts the prospecting lists."""

from django.apps import AppConfig


class ProspectingConfig(AppConfig):
    """The prospecting lists."""

    name = "custode.prospecting"
    label = "prospecting"
    default_auto_field = "django.db.models.BigAutoField"
