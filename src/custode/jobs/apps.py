"""The Django app of the jobs."""

from django.apps import AppConfig
from django_tasks.signals import task_finished


class JobsConfig(AppConfig):
    """The jobs."""

    name = "custode.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the retry of failed jobs."""
        # Imported here: models load only when the app registry is ready.
        from custode.jobs import retrying  # noqa: PLC0415 (see above)

        task_finished.connect(retrying.again, dispatch_uid="custode.jobs.retrying")
