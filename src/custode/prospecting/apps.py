"""Starts the app of the prospecting lists."""

from django.apps import AppConfig


class ProspectingConfig(AppConfig):
    """The Django app of the prospecting lists."""

    name = "custode.prospecting"
    label = "prospecting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare how acts on lists are undone."""
        # Imported here: models load only when the app registry is ready.
        from custode.prospecting import (  # noqa: PLC0415 (see above)
            columns,  # noqa: F401 (so does this)
            moves,  # noqa: F401 (and this)
            undo_column_names,  # noqa: F401 (and this)
            undo_outcomes,  # noqa: F401 (and this)
            undo_sheet_edits,  # noqa: F401 (it registers itself, as the others do)
        )
