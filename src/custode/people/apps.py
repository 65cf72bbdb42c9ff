"""Starts the people: answers what the guard asks of them."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people."""

    name = "custode.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the guard's questions."""
        # Imported here: models load only when the app registry is ready.
        from custode.guard import ports  # noqa: PLC0415 (see above)
        from custode.people.models import Role, User  # noqa: PLC0415 (see above)

        def admins(account_id: int) -> list[str]:
            found = User.objects.filter(
                account_id=account_id, role=Role.ADMIN, disabled_at__isnull=True
            ).order_by("pk")[:3]
            return [user.get_full_name() for user in found]

        ports.admins = admins
