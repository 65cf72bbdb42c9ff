"""Open Python with Custode's models, for looking and for repairs.

The locks in the database hold here too; what a shell can do all the same is said at its start.
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
"""Keeps the account in scope until another is named, or the shell ends."""


def account(name: str) -> Account:
    """Have only this account's rows from here on; raises `Invalid` for an unknown name."""
    found = common.account_named(name)
    _entered.close()
    _entered.enter_context(scope.account(found.pk))
    return found


class _Shell(shell.Command):
    """Django's shell, which imports all models, with `account` beside them."""

    def get_namespace(self, **options: Any) -> dict[str, Any]:
        return {**super().get_namespace(**options), "account": account}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What may stand on the line."""
    parser.add_argument("-c", "--command", help="run this line and leave")


def run(options: argparse.Namespace) -> None:
    """Warn, and open the shell."""
    print(WHAT_IS_NOT_GUARDED, file=sys.stderr)
    call_command(_Shell(), command=options.command)
