"""The jobs of default fields. Run twice, they note nothing twice."""

from __future__ import annotations

from django_tasks import task

from custode.fields import keys


@task()
def note_keys(account_id: int, pk: int) -> None:
    """Note what the objects that are there have in a field that has become a key."""
    keys.note_all(account_id, pk)
