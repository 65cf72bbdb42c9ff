"""Starts the sign-in."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """The sign-in."""

    name = "custode.signin"
    label = "signin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have done what comes round."""
        # Imported here: models load only when the app registry is ready.
        from custode.signin.sessions import periodic  # noqa: PLC0415 (see above)

        periodic.add()
