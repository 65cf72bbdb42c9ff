"""Starts the exchange app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The Django app of the exchange layer."""

    name = "custode.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the periodic jobs."""
        # Imported here: models load only when the app registry is ready.
        from custode.exchange import periodic  # noqa: PLC0415 (see above)
        from custode.exchange.webhooks import watching  # noqa: PLC0415 (see above)
        from custode.guard.alerts import marks  # noqa: PLC0415 (see above)
        from custode.guard.alerts.rules import NEW_WAYS  # noqa: PLC0415 (see above)
        from custode.guard.kinds import Verb  # noqa: PLC0415 (see above)

        periodic.add()
        watching.add()
        marks.declare(NEW_WAYS, Verb.WEBHOOKS, lambda facts: facts.get("did") == "made")
