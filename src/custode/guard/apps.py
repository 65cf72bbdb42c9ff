"""Starts the guard: installs locks after migrations, and friendly refusals before them."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_delete, pre_migrate


class GuardConfig(AppConfig):
    """The Django app of the guard."""

    name = "custode.guard"
    label = "guard"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the locks to the migrations."""
        # Imported here: models load only when the app registry is ready.
        from custode.guard import (  # noqa: PLC0415 (see above)
            checks,  # noqa: F401 (registers itself)
            lock,
            lock_installation,
            periodic,
            search_index,
        )
        from custode.guard.alerts import watching  # noqa: PLC0415 (see above)
        from custode.guard.owned import Guarded, Kept, Tenant  # noqa: PLC0415 (see above)
        from custode.kernel.errors import UseTheDoor  # noqa: PLC0415 (see above)

        connection_created.connect(lock.register, dispatch_uid="custode.guard.register")
        pre_migrate.connect(lock_installation.lift, sender=self, dispatch_uid="custode.guard.lift")
        post_migrate.connect(
            lock_installation.install, sender=self, dispatch_uid="custode.guard.install"
        )
        post_migrate.connect(
            search_index.install, sender=self, dispatch_uid="custode.guard.search_texts"
        )

        def refuse_cascade(sender: type[Any], **_: Any) -> None:
            """Raise before Django deletes a row of ours by a cascade."""
            if issubclass(sender, (Guarded, Kept, Tenant)):
                raise UseTheDoor(f"{sender.__name__} rows are deleted by guard.door.delete only.")

        periodic.add()
        watching.add()
        pre_delete.connect(refuse_cascade, weak=False, dispatch_uid="custode.guard.cascade")
