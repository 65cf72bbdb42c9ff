"""Starts the sign-in."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """The sign-in."""

    name = "custode.signin"
    label = "signin"
