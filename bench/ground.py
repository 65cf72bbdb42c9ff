"""A temporary database with many leads, for the benchmarks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custode.conf.test_settings")

import django
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

django.setup()

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads import pipelines, planner
from custode.leads.models import Lead, Step

CHUNK = 500


@contextmanager
def database() -> Iterator[None]:
    """Provide an empty test database, removed at the end."""
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    try:
        yield
    finally:
        teardown_databases(old, verbosity=0)


def company(leads: int, name: str = "Bench") -> tuple[Actor, list[Step]]:
    """Create an account with this many leads through the door; return its operator and steps."""
    account = account_moves.create(f"{name} {leads}", "dream_team")
    actor = Actor.operator(account.pk)
    with scope.account(account.pk):
        steps = list(pipelines.first_pipeline(actor).steps.all())
        fill(actor, steps, leads)
    return actor, steps


def fill(actor: Actor, steps: list[Step], leads: int) -> None:
    """Create this number of leads."""
    entry = door.begin_import(actor, "lead", details={}, labels=["bench"])
    for start in range(0, leads, CHUNK):
        with door.import_chunk(actor, entry):
            door.save_imported(
                entry, [_lead(steps, n) for n in range(start, min(start + CHUNK, leads))]
            )
    door.finish_import(actor, entry, details={})
    # As an import does at its end, and PostgreSQL by itself a little later.
    planner.tell()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # The state that a running database reaches by itself: the first run cleans up after the
            # inserts; only the next marks their new pages as visible to all.
            for _run in range(2):
                cursor.execute("VACUUM ANALYZE leads_lead")


def _lead(steps: list[Step], n: int) -> Lead:
    lead = Lead(
        title=f"Fornitura {n} per Officine {n % 977}",
        description=f"Telefono: +39 02 {n:07d}\nCittà: Forlì\nNote su più righe, lead {n}.",
        step=steps[n % len(steps)],
        status=("todo", "todo", "won", "lost")[n % 4],
        amount_minor=n * 137 % 9_000_000,
        probability=n % 101,
    )
    lead.derive()
    return lead


def seconds(act: Callable[[], object]) -> float:
    """Return how many seconds it takes, once."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
