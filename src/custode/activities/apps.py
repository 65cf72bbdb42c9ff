"""Starts the app of the activities."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """The Django app of the activities."""

    name = "custode.activities"
    label = "activities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the periodic jobs, and declare how acts are undone and a mark."""
        # Imported here, as the other layers do: when the app registry is ready.
        from custode.activities import cutting, periodic  # noqa: F401, PLC0415 (see above)
        from custode.guard.alerts import marks  # noqa: PLC0415 (see above)
        from custode.guard.alerts.rules import NEW_WAYS  # noqa: PLC0415 (see above)
        from custode.guard.kinds import Verb  # noqa: PLC0415 (see above)

        periodic.add()
        marks.declare(NEW_WAYS, Verb.ACCOUNT, lambda facts: "was" in (facts.get("mail") or {}))
