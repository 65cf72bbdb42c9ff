"""Bring the database to the form that this version of Custode needs, and create its locks.

Only forwards: a step back would drop tables with their contents, bypassing the door. Make a backup
first.
"""

from __future__ import annotations

import argparse

from django.core.management import call_command

from custode.console import forming
from custode.guard import database_checks
from custode.kernel.errors import Invalid


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--plan", action="store_true", help="only show what would be done")


def run(options: argparse.Namespace) -> int:
    """Migrate."""
    if options.plan:
        call_command("migrate", interactive=False, plan=True)
        return 0
    forming.form()
    missing = database_checks.missing_locks()
    if missing:
        raise Invalid(f"These locks could not be put in: {', '.join(missing)}.")
    return 0
