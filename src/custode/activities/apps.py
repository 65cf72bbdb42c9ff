"""Starts the activities."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """The activities."""

    name = "custode.activities"
    label = "activities"
    default_auto_field = "django.db.models.BigAutoField"
