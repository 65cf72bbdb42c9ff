"""Starts the people app and connects it to the guard's ports."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The Django app of the people."""

    name = "custode.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Set the guard's ports."""
        # Imported here: models load only when the app registry is ready.
        from custode.guard import ports  # noqa: PLC0415 (see above)
        from custode.guard.alerts import marks  # noqa: PLC0415 (see above)
        from custode.guard.kinds import Verb  # noqa: PLC0415 (see above)
        from custode.people import admin_contacts, alerting  # noqa: PLC0415 (see above)

        def admins(account_id: int) -> list[str]:
            """Return the names of the account's admins to ask."""
            return [user.get_full_name() for user in admin_contacts.admins_to_ask(account_id)]

        ports.admins = admins
        ports.admins_among = alerting.admins_among
        ports.admins_to_tell = alerting.admins_to_tell
        marks.declare("made_admin", Verb.USERS, alerting.is_new_admin)
        marks.declare("lost_admin", Verb.USERS, alerting.is_lost_admin)
