"""The list of commands. It is read before Django starts, so that `custode help` is fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Command:
    """A command.

    Args:
        name: one or two words, as the operator types them (`import leads`).
        module: its module, below `custode.console.commands`.
        help: one line for `custode help`.
        starts_django: whether Django starts before the module is imported; False for a command
            that first sets settings itself (`demo --data`).
        brings_keys: whether it installs the keys itself.
    """

    name: str
    module: str
    help: str
    starts_django: bool = True
    brings_keys: bool = False


COMMANDS: Final = (
    Command("demo", "demo", "start a CRM with invented data", starts_django=False),
    Command("serve", "serve", "serve Custode"),
    Command("worker", "worker", "run jobs on a host that does not serve"),
    Command("createaccount", "createaccount", "create an account, and print its admin's link"),
    Command("setedition", "setedition", "move an account to another edition"),
    Command("createuser", "createuser", "create a user of an account"),
    Command("createkey", "createkey", "create an application's API key"),
    Command("resetuser", "resetuser", "remove a user's access, and print a link to start afresh"),
    Command("rotate-keys", "rotate_keys", "encrypt the secrets of sign-in with a new key"),
    Command("import leads", "importing", "import a file of leads into an account"),
    Command("import prospects", "importing_prospects", "import a file into a prospecting list"),
    Command("undo", "undo", "undo an act of the log, wholly or in part"),
    Command("verify-log", "verify_log", "check that nobody changed the log"),
    Command("whose-export", "whose_export", "tell which export a file came from"),
    Command("checkpoint", "checkpoint", "print a signed checkpoint of the log, to keep elsewhere"),
    Command("erase-person", "erase_person", "erase somebody's personal data from the log"),
    Command("backup", "backup", "write everything into one file"),
    Command(
        "restore-backup",
        "restore_backup",
        "restore a backup in place of the present data",
        brings_keys=True,
    ),
    Command("migrate", "migrate", "bring the database to this version's form"),
    Command("shell", "shell", "open Python with Custode's models"),
)

DJANGO: Final = {
    "check": "look for mistakes in the set-up",
    "showmigrations": "list the database's migrations",
    "makemigrations": "for developers: write the migration for changed models",
    "sendtestemail": "send a mail to try the mail settings",
    "collectstatic": "collect the static files (serve and demo do it themselves)",
}
"""Django's own commands that can be called.

Commands that read or empty tables past the door (dumpdata, loaddata, flush, dbshell,
clearsessions, …) are not among them, nor are any other app's.
"""
