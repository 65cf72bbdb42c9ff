"""Brings the database to this version's form, and tells when its locks had been taken out."""

from __future__ import annotations

import sys

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from custode.accounts.models import Account
from custode.guard import door, soundness
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor


def is_formed() -> bool:
    """Whether the database has this version's form."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def form(*, verbosity: int = 1) -> None:
    """Migrate, and put in the locks. Those that were missing without need are told and logged."""
    taken_out = soundness.missing_locks() if is_formed() else []
    call_command("migrate", interactive=False, verbosity=verbosity)
    if not taken_out:
        return
    print(
        f"{len(taken_out)} locks did not stand in the database and were put back:"
        f" {', '.join(taken_out[:5])}{', …' if len(taken_out) > 5 else ''}. If you have not just"
        " updated Custode, somebody has changed the database past it: `custode verify-log` checks"
        " the log, and the accounts' sensitive actions tell of this.",
        file=sys.stderr,
    )
    for account_id in Account.objects.order_by("pk").values_list("pk", flat=True):
        with door.deed(
            Actor.operator(account_id), Verb.ACCOUNT, count=len(taken_out),
            details={"locks": taken_out[:50]},
        ):  # fmt: skip
            pass
