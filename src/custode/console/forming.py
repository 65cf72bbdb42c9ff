"""Bring the database to this version's form, and report locks that had been removed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Final

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from custode.accounts.models import Account
from custode.guard import database_checks, door
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid

Step = tuple[str, str]
"""An app's label and the name of its migration."""

BEFORE: Final = {
    ("accounts", "0005_checkpoints_of_the_log"),
    ("activities", "0008_comments_on_lists"),
    ("clients", "0003_default_fields"),
    ("exchange", "0009_yes_before_mails"),
    ("fields", "0003_keys_are_noted_by_a_job"),
    ("guard", "0011_whose_key"),
    ("leads", "0010_default_fields"),
    ("people", "0004_asked_about_post_sales"),
    ("postsales", "0003_tasks_wait_until_an_hour"),
    ("signin", "0004_ended_with_a_key"),
}
"""The last of the migrations that were merged into one (docs/decisions/0046)."""


def is_formed() -> bool:
    """Tell whether the database has this version's form."""
    executor = MigrationExecutor(connection)
    to_go = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not (to_go or unknown(executor.recorder.applied_migrations()))


def unknown(steps: Iterable[Step]) -> set[Step]:
    """Return the migrations that are Custode's, but unknown to this version."""
    known, ours = MigrationLoader(None).disk_migrations, {app for app, _name in BEFORE}
    return {step for step in steps if step[0] in ours and step not in known}


def made_one(steps: Iterable[Step]) -> set[Step]:
    """Return the migrations that have since been merged into one; none unless all are applied."""
    found = unknown(steps)
    return found if found >= BEFORE else set()


def migrate(*, verbosity: int = 0) -> None:
    """Apply the migrations that the database lacks.

    Raises:
        Invalid: it has migrations that this version does not know.
    """
    recorder = MigrationRecorder(connection)
    for step in made_one(recorder.applied_migrations()):
        recorder.record_unapplied(*step)
    if others := unknown(recorder.applied_migrations()):
        told = ", ".join(sorted(map(".".join, others))[:3])
        raise Invalid(
            f"The database has gone steps that this version of Custode does not know ({told}): it"
            " is of a later version, or halfway to the first. Start the version that it is of, or"
            " bring it up to date with that one before."
        )
    call_command("migrate", interactive=False, verbosity=verbosity)


def form(*, verbosity: int = 1) -> None:
    """Migrate, and create the locks.

    Locks that were missing unexpectedly are reported and logged.
    """
    taken_out = database_checks.missing_locks() if is_formed() else []
    migrate(verbosity=verbosity)
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
        with door.sensitive_act(
            Actor.operator(account_id), Verb.ACCOUNT, count=len(taken_out),
            details={"locks": taken_out[:50]},
        ):  # fmt: skip
            pass
