"""Starts post-sales."""

from django.apps import AppConfig


class PostsalesConfig(AppConfig):
    """Post-sales."""

    name = "custode.postsales"
    label = "postsales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add what comes round."""
        # Imported here, as the other layers do: when the app registry is ready.
        from custode.postsales import waking  # noqa: PLC0415 (see above)

        waking.add()
