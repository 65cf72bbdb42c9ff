"""Starts the app of the client folders."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The Django app of the client folders."""

    name = "custode.clients"
    label = "clients"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare where the keys of folders are stored, and how acts on them are undone."""
        # Imported here, as the other layers do: when the app registry is ready.
        from custode.clients import moves, undo_contacts  # noqa: F401, PLC0415 (see above)
        from custode.clients.models import FolderKey  # noqa: PLC0415 (see above)
        from custode.fields import key_fields  # noqa: PLC0415 (see above)

        key_fields.declare(FolderKey)
