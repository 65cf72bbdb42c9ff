"""Starts the leads app."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """The Django app of the leads."""

    name = "custode.leads"
    label = "leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the periodic jobs, and the placeholders of e-mails."""
        # Imported here, as the other layers do: when the app registry is ready.
        from custode.activities.emails import placeholders  # noqa: PLC0415 (see above)
        from custode.fields import key_fields  # noqa: PLC0415 (see above)
        from custode.leads import mailing, planner, waking  # noqa: PLC0415 (see above)
        from custode.leads.models import LeadKey  # noqa: PLC0415 (see above)

        key_fields.declare(LeadKey)
        planner.add()
        waking.add()
        placeholders.declare("lead", mailing.FILLER)
