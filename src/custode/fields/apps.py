"""Starts the app of the default fields."""

from django.apps import AppConfig


class FieldsConfig(AppConfig):
    """The Django app of the default fields."""

    name = "custode.fields"
    label = "fields"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the periodic jobs and the undo for values."""
        # Imported here, as the other layers do: when the app registry is ready.
        from custode.fields import periodic, undo_values  # noqa: F401, PLC0415 (see above)

        periodic.add()
