"""Starts the leads."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """The leads."""

    name = "custode.leads"
    label = "leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add what comes round."""
        # Imported here, as the other layers do: when the app registry is ready.
        from custode.leads import planner, waking  # noqa: PLC0415 (see above)

        planner.add()
        waking.add()
