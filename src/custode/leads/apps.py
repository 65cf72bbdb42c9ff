"""Starts the leads."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """The leads."""

    name = "custode.leads"
    label = "leads"
    default_auto_field = "django.db.models.BigAutoField"
