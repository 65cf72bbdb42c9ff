"""Restore a backup in place of the present data: completely, or not at all.

Each part is checked against its digest first. With --replace, present files are moved aside, and
PostgreSQL's tables are replaced. Then the locks and the log are checked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from custode.console.backup import restoring
from custode.console.commands import verify_log
from custode.guard import database_checks
from custode.kernel.errors import Invalid


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="replace present data")


def run(options: argparse.Namespace) -> int:
    """Restore the backup, and check the result."""
    aside = restoring.restore(options.file, replace=options.replace)
    if aside is not None:
        print(f"What was there before is in {aside}; delete it when you no longer need it.")
    missing = database_checks.missing_locks()
    if missing:
        raise Invalid(f"Restored, but locks are missing: {', '.join(missing)}.")
    faults = verify_log.check_all()
    print("Restored." if not faults else "Restored, with the faults in the log told above.")
    return faults
