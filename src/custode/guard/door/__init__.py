"""The one door: every delete, restore, purge, export, import, bulk change and sensitive act.

There is no bulk path (one object is a list of one), no act without an actor, no flag that skips.
The order is always: known kind, same account, policy, then one transaction with the log row first.
A refusal is logged after the rollback and raised as `Refused`; the door is the outermost
transaction, so nobody's rollback can take that row away.
"""

from custode.guard.door.arrivals import abandon, arrive, arriving, begin_import, finish_import
from custode.guard.door.bulk import change, relabel
from custode.guard.door.deeds import Act, deed, found
from custode.guard.door.exports import Export, export, exportable
from custode.guard.door.handing import ask, give_up_export, hand_over, look, turn_away
from custode.guard.door.purging import DAYS_OVER, purge, purge_due
from custode.guard.door.reading import Reading
from custode.guard.door.removal import delete, restore
from custode.guard.door.retiring import retire
from custode.guard.door.shelving import shelve
from custode.guard.door.undo import undo
from custode.guard.refusals import Tried

__all__ = [
    "DAYS_OVER",
    "Act",
    "Export",
    "Reading",
    "Tried",
    "abandon",
    "arrive",
    "arriving",
    "ask",
    "begin_import",
    "change",
    "deed",
    "delete",
    "export",
    "exportable",
    "finish_import",
    "found",
    "give_up_export",
    "hand_over",
    "look",
    "purge",
    "purge_due",
    "relabel",
    "restore",
    "retire",
    "shelve",
    "turn_away",
    "undo",
]
