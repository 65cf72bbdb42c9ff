"""Starts the jobs layer."""

from django.apps import AppConfig
from django_tasks.signals import task_finished


class JobsConfig(AppConfig):
    """The jobs layer."""

    name = "custode.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have failed jobs tried again."""
        # Imported here: models load only when the app registry is ready.
        from custode.jobs import retrying  # noqa: PLC0415 (see above)

        task_finished.connect(retrying.again, dispatch_uid="custode.jobs.retrying")
