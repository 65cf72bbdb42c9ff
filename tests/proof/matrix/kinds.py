"""What may be done with each kind of object, by whom: written by hand from the seed.

The seed's rules reserve to admins the export of prospecting lists, leads and client folders, and
the deletion of prospecting lists, leads, client folders, comments or e-mails, and post-sales
processes and tasks. Before any rule, deleting follows the right to edit and exporting the right to
see; only admins purge; who deleted something restores it as long as they may delete.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ALL: Final = ("admin", "manager", "owner", "colleague")
EDITORS: Final = ("admin", "manager", "owner")
WRITERS: Final = ("admin", "owner")


@dataclass(frozen=True)
class Row:
    """One kind.

    Args:
        edits: who edits and deletes it, where no rule is ticked, in Dream Team. In the other
            edition, which has no teams, a manager is a colleague.
        delete_rule: the rule that reserves its deletion to admins.
        export_rule: the rule that reserves its export to admins; "" where it has none.
        leaves: whether it can be exported by itself.
        bulk: the field that is changed on many at once, "" where there is none.
        changes: who does that, where it is not whoever edits it.
        gives: whether that gives it away. Whoever gave it takes it back, while nobody touched it.
    """

    edits: tuple[str, ...]
    delete_rule: str
    export_rule: str = ""
    leaves: bool = False
    bulk: str = ""
    changes: tuple[str, ...] = ()
    gives: bool = False


KINDS: Final = {
    "lead": Row(EDITORS, "delete:lead", "export:lead", leaves=True, bulk="step"),
    # Seeing a prospecting list is editing it; who made or has it gives it away, and who manages
    # them. It leaves as the prospects in it.
    "prospecting_list": Row(
        ALL, "delete:prospecting_list", bulk="owner", changes=EDITORS, gives=True
    ),
    "prospect": Row(ALL, "delete:prospecting_list", "export:prospecting_list", leaves=True),
    "client_folder": Row(
        EDITORS, "delete:client_folder", "export:client_folder", True, "owner", gives=True
    ),
    # What was said is its writer's. It leaves with what it is about, by the rule for that.
    "comment": Row(WRITERS, "delete:comment", leaves=True),
    "email": Row(WRITERS, "delete:comment", leaves=True),
    "process": Row(EDITORS, "delete:process"),
    "task": Row(EDITORS, "delete:process", bulk="assignee", gives=True),
}
VERBS: Final = (
    "delete", "restore", "undo a deletion", "undo a part", "purge", "export", "change",
    "undo a change",
)  # fmt: skip


def expected(kind: str, verb: str, role: str, edition: str, rule: str) -> str:
    """The answer: `yes`, `no` (refused), `none` (there is no such thing), `never` (no such act)."""
    row = KINDS[kind]
    if not (row.leaves if verb == "export" else row.bulk or verb != "change"):
        return "never"
    if role == "other account's admin" or (verb == "undo a change" and not row.bulk):
        return "none"
    if role == "admin":
        return "yes"
    teamless = role == "manager" and edition == "sales_essentials"
    editors = (row.changes or row.edits) if verb in {"change", "undo a change"} else row.edits
    edits = ("colleague" if teamless else role) in editors
    if verb == "purge":
        return "no"
    if verb == "export":
        return "no" if rule and rule == row.export_rule else "yes"
    if verb in {"delete", "restore", "undo a deletion", "undo a part"}:
        # Who deleted it restores it, whatever has become of their team since.
        edits = edits or (verb != "delete" and role in row.edits)
        return "yes" if edits and rule != row.delete_rule else "no"
    if verb == "undo a change" and row.gives:
        return "yes" if role in editors else "no"
    return "yes" if edits else "no"
