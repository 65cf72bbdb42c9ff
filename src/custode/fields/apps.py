"""Starts the default fields."""

from django.apps import AppConfig


class FieldsConfig(AppConfig):
    """The default fields."""

    name = "custode.fields"
    label = "fields"
    default_auto_field = "django.db.models.BigAutoField"
