"""The one door: every delete, restore, purge, export, import, bulk change and sensitive act.

There is no separate bulk path (one object is a list of one), no act without an actor, and no flag
that skips checks. The order is: known kind, same account, policy, then one transaction with the
log row first. Exports read outside a transaction, after an entry that says "started"; imports
arrive in chunks under such an entry, and leave the trash in one; emptying and writing over one by
one get their entry after the edits (docs/decisions/0043, 0045). A refusal is logged after the
rollback and raised as `Refused`; the door is the outermost transaction, so that nobody's rollback
can remove that row.
"""

from custode.guard.door.acts import Act, also, create_account, sensitive_act
from custode.guard.door.authorization import (
    authorize,
    authorize_download,
    check_policy,
    log_killed_export,
    refuse,
)
from custode.guard.door.bulk import change, change_labels
from custode.guard.door.checkpointing import make_checkpoint
from custode.guard.door.erasing import erase_entry, erase_person
from custode.guard.door.export_rows import ExportRows
from custode.guard.door.exports import Export, export, exportable
from custode.guard.door.field_changes import FieldChanges, FieldValues, field_changes_of, lines_of
from custode.guard.door.imports import (
    abandon_import,
    begin_import,
    finish_import,
    import_chunk,
    save_imported,
)
from custode.guard.door.log_exports import COLUMNS as LOG_COLUMNS
from custode.guard.door.log_exports import export_log
from custode.guard.door.purging import DAYS_OVER, purge, purge_due
from custode.guard.door.removal import delete, look_in_trash, restore
from custode.guard.door.retired_flag import set_retired
from custode.guard.door.retiring import retire
from custode.guard.door.selection import locked
from custode.guard.door.undo import may_undo, undo
from custode.guard.door.undo_emptying import VirtualField, label_of, register_virtual_fields
from custode.guard.door.undo_handlers import (
    ObjectState,
    PreparedUndo,
    UndoHandler,
    UndoTargets,
    register_undo_handler,
)
from custode.guard.door.undo_parts import WHOLE_ACT, UndoPart, UndoStatus
from custode.guard.door.undo_preview import UndoPreview, undo_previews
from custode.guard.door.undoable_acts import WriteEntry, attach_history, undoable_act
from custode.guard.refusals import Attempt

__all__ = [
    "DAYS_OVER",
    "LOG_COLUMNS",
    "WHOLE_ACT",
    "Act",
    "Attempt",
    "Export",
    "ExportRows",
    "FieldChanges",
    "FieldValues",
    "ObjectState",
    "PreparedUndo",
    "UndoHandler",
    "UndoPart",
    "UndoPreview",
    "UndoStatus",
    "UndoTargets",
    "VirtualField",
    "WriteEntry",
    "abandon_import",
    "also",
    "attach_history",
    "authorize",
    "authorize_download",
    "begin_import",
    "change",
    "change_labels",
    "check_policy",
    "create_account",
    "delete",
    "erase_entry",
    "erase_person",
    "export",
    "export_log",
    "exportable",
    "field_changes_of",
    "finish_import",
    "import_chunk",
    "label_of",
    "lines_of",
    "locked",
    "log_killed_export",
    "look_in_trash",
    "make_checkpoint",
    "may_undo",
    "purge",
    "purge_due",
    "refuse",
    "register_undo_handler",
    "register_virtual_fields",
    "restore",
    "retire",
    "save_imported",
    "sensitive_act",
    "set_retired",
    "undo",
    "undo_previews",
    "undoable_act",
]
