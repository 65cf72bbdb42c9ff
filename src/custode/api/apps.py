"""The Django app of the API entrance."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API entrance; it has no tables of its own."""

    name = "custode.api"
    label = "api"
