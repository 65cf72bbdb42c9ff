"""Starts the web layer."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web layer."""

    name = "custode.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
