"""Starts the default fields."""

from django.apps import AppConfig


class FieldsConfig(AppConfig):
    """The default fields."""

    name = "custode.fields"
    label = "fields"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add what comes round, and declare the way back."""
        # Imported here, as the other layers do: when the app registry is ready.
        from custode.fields import backwards, periodic  # noqa: F401, PLC0415 (see above)

        periodic.add()
