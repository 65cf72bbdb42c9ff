"""Starts the post-sales app."""

from django.apps import AppConfig


class PostsalesConfig(AppConfig):
    """The Django app of post-sales."""

    name = "custode.postsales"
    label = "postsales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the periodic jobs."""
        # Imported here, as the other layers do: when the app registry is ready.
        from custode.postsales import waking  # noqa: PLC0415 (see above)

        waking.add()
