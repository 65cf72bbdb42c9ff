"""Put a backup in the place of what is there: wholly, or not at all.

Each part is checked against its digest first. With --replace, files that were there are moved
aside, and PostgreSQL's tables are replaced. Then the locks and the log are checked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from custode.console.backup import restoring
from custode.console.commands import verify_log
from custode.guard import soundness
from custode.kernel.errors import Invalid


def arguments(parser: argparse.ArgumentParser) -> None:
    """What may stand on the line."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="replace what is there")


def run(options: argparse.Namespace) -> int:
    """Restore, and check what came."""
    aside = restoring.restore(options.file, replace=options.replace)
    if aside is not None:
        print(f"What was there before is in {aside}; delete it when you no longer need it.")
    missing = soundness.missing_locks()
    if missing:
        raise Invalid(f"Restored, but locks are missing: {', '.join(missing)}.")
    faults = verify_log.check_all()
    print("Restored." if not faults else "Restored, with the faults in the log told above.")
    return faults
