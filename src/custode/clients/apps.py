"""Starts the client folders."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The client folders."""

    name = "custode.clients"
    label = "clients"
    default_auto_field = "django.db.models.BigAutoField"
