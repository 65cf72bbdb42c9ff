"""Starts the web layer."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web layer."""

    name = "custode.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer what the guard asks of the screens, and look for what this layer looks for."""
        # Imported here: models load only when the app registry is ready.
        from custode.guard import ports  # noqa: PLC0415 (see above)
        from custode.web.security import watching  # noqa: PLC0415 (see above)
        from custode.web.security.telling import tell_entries  # noqa: PLC0415 (see above)

        ports.tell_entries = tell_entries
        watching.add()
