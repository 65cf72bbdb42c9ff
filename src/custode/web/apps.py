"""The Django app of the web entrance."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web entrance."""

    name = "custode.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the guard asks of the screens, and what this layer looks for."""
        # Imported here: models load only when the app registry is ready.
        from custode.guard import ports  # noqa: PLC0415 (see above)
        from custode.web.security import watching  # noqa: PLC0415 (see above)
        from custode.web.security.entry_columns import tell_entries  # noqa: PLC0415 (see above)

        ports.tell_entries = tell_entries
        watching.add()
