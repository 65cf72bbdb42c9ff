"""Starts the client folders."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The client folders."""

    name = "custode.clients"
    label = "clients"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say where the keys of folders are kept, and declare the ways back."""
        # Imported here, as the other layers do: when the app registry is ready.
        from custode.clients import backwards, moves  # noqa: F401, PLC0415 (see above)
        from custode.clients.models import FolderKey  # noqa: PLC0415 (see above)
        from custode.fields import keys  # noqa: PLC0415 (see above)

        keys.declare(FolderKey)
