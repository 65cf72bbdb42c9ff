"""Open Python with Custode's models, for inspection and repairs.

The locks in the database apply here too; what a shell can do nevertheless is said at its start.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from typing import Any, Final

from django.core.management import call_command
from django.core.management.commands import shell

from custode.accounts.models import Account
from custode.console.commands import common
from custode.kernel import scope

WHAT_IS_NOT_GUARDED = """\
Custode's shell. Deleting, restoring and exporting go through custode.guard.door, here too, and the
database refuses other ways. What it cannot guard from you, who hold the machine:
- reading: any query or program shows what it likes, and no log tells of it;
- ordinary fields: an edit past the moves leaves no line in a lead's history;
- the locks themselves: who may alter tables can drop them (`custode serve` then refuses to start,
  and `custode verify-log` finds what was changed in the log).
Begin with:  account("The account's name")
"""


_entered: Final = ExitStack()
"""Keeps the account in scope until another one is named, or the shell ends."""


def account(name: str) -> Account:
    """Restrict queries to this account's rows from here on; raise `Invalid` for an unknown name."""
    found = common.account_named(name)
    _entered.close()
    _entered.enter_context(scope.account(found.pk))
    return found


class _Shell(shell.Command):
    """Django's shell, which imports all models, and `account`."""

    def get_namespace(self, **options: Any) -> dict[str, Any]:
        """Return the shell's names, with `account`."""
        return {**super().get_namespace(**options), "account": account}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("-c", "--command", help="run this code and exit")


def run(options: argparse.Namespace) -> None:
    """Print the warning, and open the shell."""
    print(WHAT_IS_NOT_GUARDED, file=sys.stderr)
    call_command(_Shell(), command=options.command)
