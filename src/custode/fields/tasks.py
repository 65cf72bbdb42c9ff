"""The job of the default fields. Run twice, it stores nothing twice."""

from __future__ import annotations

from django_tasks import task

from custode.fields import key_fields


@task()
def note_keys(account_id: int, pk: int) -> None:
    """Store the existing objects' values in a field that has become a key."""
    key_fields.note_all(account_id, pk)
