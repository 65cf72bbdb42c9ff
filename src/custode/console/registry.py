"""Which commands there are. Read before Django starts, so that `custode help` answers at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Args:
        name: one or two words, as the operator types them (`import leads`).
        module: where it is, below `custode.console.commands`.
        help: one line for `custode help`.
        starts_django: whether Django starts before the module is imported; a command that first
            settles the settings itself (`demo --data`) says no.
        brings_keys: whether it puts the installation's keys in their place itself.
    """

    name: str
    module: str
    help: str
    starts_django: bool = True
    brings_keys: bool = False


COMMANDS: Final = (
    Command("demo", "demo", "start a CRM with invented data", starts_django=False),
    Command("serve", "serve", "serve Custode to its people"),
    Command("worker", "worker", "work on jobs, on a host that does not serve"),
    Command("createaccount", "createaccount", "make an account, and its admin's link"),
    Command("setedition", "setedition", "move an account to another edition"),
    Command("createuser", "createuser", "make a user of an account"),
    Command("createkey", "createkey", "make an API key of an application"),
    Command("resetuser", "resetuser", "take a user's access away, and give a link to begin anew"),
    Command("rotate-keys", "rotate_keys", "encrypt the secrets of sign-in with a new key"),
    Command("import leads", "importing", "bring a file of leads into an account"),
    Command("import prospects", "importing_prospects", "bring a file into a prospecting list"),
    Command("undo", "undo", "take back an act of the log, whole or in part"),
    Command("verify-log", "verify_log", "check that nobody changed the log"),
    Command("whose-export", "whose_export", "tell which export a found file came from"),
    Command("checkpoint", "checkpoint", "print a signed checkpoint of the log, to keep elsewhere"),
    Command("erase-person", "erase_person", "erase somebody's personal data from the log"),
    Command("backup", "backup", "write everything into one file"),
    Command(
        "restore-backup",
        "restore_backup",
        "put a backup in the place of what is there",
        brings_keys=True,
    ),
    Command("migrate", "migrate", "bring the database to this version's form"),
    Command("shell", "shell", "open Python with Custode's models"),
)

DJANGO: Final = {
    "check": "look for mistakes in the set-up",
    "showmigrations": "list the steps that formed the database",
    "makemigrations": "for developers: write the step for changed models",
    "sendtestemail": "send a mail to try the mail settings",
    "collectstatic": "gather the static files (serve and demo do it themselves)",
}
"""Django's own commands that can be reached. Those that read or empty tables past the door
(dumpdata, loaddata, flush, dbshell, clearsessions, …) are not among them, nor are any other app's.
"""
