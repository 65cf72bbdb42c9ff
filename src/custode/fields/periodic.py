"""What default fields have done again and again: keys that were cut off are noted to the end."""

from __future__ import annotations

from datetime import timedelta

from custode.fields import keys
from custode.fields.models import DefaultField
from custode.kernel import schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic


def note_rest(system: Actor) -> None:
    """Go on with the keys of an account whose job was cut off; two at once do no harm."""
    waiting = DefaultField.objects.filter(keys_below__isnull=False, is_key=True)
    for pk in list(waiting.values_list("pk", flat=True)):
        keys.note_all(system.account_id, pk)


def add() -> None:
    """Have it done."""
    schedule.add(Periodic("rest of duplicate keys", timedelta(minutes=5), note_rest))
