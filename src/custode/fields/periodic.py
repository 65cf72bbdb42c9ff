"""The periodic job of the default fields: it finishes storing keys after an interruption."""

from __future__ import annotations

from datetime import timedelta

from custode.fields import key_fields
from custode.fields.models import DefaultField
from custode.kernel import schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic


def note_rest(system: Actor) -> None:
    """Go on with an account's keys whose job was interrupted; running twice does no harm."""
    waiting = DefaultField.objects.filter(keys_below__isnull=False, is_key=True)
    for pk in list(waiting.values_list("pk", flat=True)):
        key_fields.note_all(system.account_id, pk)


def add() -> None:
    """Register the job."""
    schedule.add(Periodic("rest of duplicate keys", timedelta(minutes=5), note_rest))
