"""Check the log of sensitive actions: whether an entry was changed, or is missing.

Every entry carries a digest of itself and of the one before it. Ends with 1 when there is a fault.
"""

from __future__ import annotations

import argparse

from custode.accounts.models import Account
from custode.console.commands import common
from custode.guard import log
from custode.guard.models import LogEntry
from custode.kernel import scope


def arguments(parser: argparse.ArgumentParser) -> None:
    """What may stand on the line."""
    parser.add_argument("--account", metavar="NAME", help="only this one; else all")


def run(options: argparse.Namespace) -> int:
    """Check each account's chain, and tell."""
    accounts = (
        [common.account_named(options.account)]
        if options.account
        else list(Account.objects.order_by("name"))
    )
    return 1 if sum(_told(account) for account in accounts) else 0


def _told(account: Account) -> int:
    """Print what is wrong with an account's log; gives how many faults there are."""
    faults = 0
    with scope.account(account.pk):
        for fault in log.verify(account.pk):
            faults += 1
            print(f"{account}: entry {fault.seq}: {fault.what}.")
        if not faults:
            print(f"{account}: {LogEntry.objects.count():,} entries, and the chain holds.")
    return faults
