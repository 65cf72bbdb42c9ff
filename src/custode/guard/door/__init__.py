"""The one door: every delete, restore, purge, export, import, bulk change and sensitive act.

There is no separate bulk path (one object is a list of one), no act without an actor, and no flag
that skips checks. The order is: known kind, same account, policy, then one transaction with the
log row first. Exports read outside a transaction, after an entry that says "started"; imports
arrive in chunks under such an entry, and leave the trash in one; emptying and writing over one by
one get their entry after the edits (docs/decisions/0043, 0045). A refusal is logged after the
rollback and raised as `Refused`; the door is the outermost transaction, so that nobody's rollback
can remove that row.
"""

from custode.guard.door.aftermath import Trail, trails
from custode.guard.door.anchoring import make_checkpoint
from custode.guard.door.arrivals import abandon, arrive, arriving, begin_import, finish_import
from custode.guard.door.bulk import change, relabel
from custode.guard.door.deeds import Act, also, deed, found
from custode.guard.door.emptied import Saying, label_of, saying
from custode.guard.door.erasing import erase_entry, erase_person
from custode.guard.door.exports import Export, export, exportable
from custode.guard.door.fieldwise import Fieldwise, Values, fields_of, lines_of
from custode.guard.door.handing import ask, give_up_export, hand_over, look, turn_away
from custode.guard.door.log_exports import COLUMNS as LOG_COLUMNS
from custode.guard.door.log_exports import export_log
from custode.guard.door.noted import Giving, Going, Stood, Way, way_back
from custode.guard.door.parts import WHOLE, Part, Stands
from custode.guard.door.purging import DAYS_OVER, purge, purge_due
from custode.guard.door.reading import Reading
from custode.guard.door.removal import delete, look_in_trash, restore
from custode.guard.door.retiring import retire
from custode.guard.door.reversing import Note, gather, noting
from custode.guard.door.selection import locked
from custode.guard.door.shelving import shelve
from custode.guard.door.undo import may_undo, undo
from custode.guard.refusals import Tried

__all__ = [
    "DAYS_OVER",
    "LOG_COLUMNS",
    "WHOLE",
    "Act",
    "Export",
    "Fieldwise",
    "Giving",
    "Going",
    "Note",
    "Part",
    "Reading",
    "Saying",
    "Stands",
    "Stood",
    "Trail",
    "Tried",
    "Values",
    "Way",
    "abandon",
    "also",
    "arrive",
    "arriving",
    "ask",
    "begin_import",
    "change",
    "deed",
    "delete",
    "erase_entry",
    "erase_person",
    "export",
    "export_log",
    "exportable",
    "fields_of",
    "finish_import",
    "found",
    "gather",
    "give_up_export",
    "hand_over",
    "label_of",
    "lines_of",
    "locked",
    "look",
    "look_in_trash",
    "make_checkpoint",
    "may_undo",
    "noting",
    "purge",
    "purge_due",
    "relabel",
    "restore",
    "retire",
    "saying",
    "shelve",
    "trails",
    "turn_away",
    "undo",
    "way_back",
]
