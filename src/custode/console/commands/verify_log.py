"""Check the log of sensitive actions: whether an entry was changed, or is missing.

Every entry carries a digest of itself and of the one before it. Entries cut off at the end, or a
rewritten log, are detected with a signed checkpoint that was kept elsewhere: give the file with
--checkpoint (`-` reads it from standard input). Exits with 1 if there is a fault.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from custode.accounts.models import Account
from custode.console.commands import common
from custode.guard import checkpoints
from custode.guard.verifying import Fault, Walk
from custode.kernel import scope
from custode.kernel.errors import Invalid


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--account", metavar="NAME", help="only this account; by default all")
    parser.add_argument("--checkpoint", metavar="FILE", help="a checkpoint that was kept elsewhere")
    parser.add_argument(
        "--public-key", metavar="KEY", default="",
        help="also trust this key: the one that checkpoints had before the secret key changed",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Check each account's chain, and report."""
    if options.checkpoint:
        one = checkpoints.read(_text(options.checkpoint), None, options.public_key)
        account = Account.objects.filter(pk=one.account_id).first()
        if account is None or options.account not in {None, account.name}:
            raise Invalid("This checkpoint is of another account's log.")
        print(f"{account}: the checkpoint was made by this installation at {one.made_at}.")
        return 1 if _told(account, {one.seq: one.hash}) else 0
    if options.account:
        return 1 if _told(common.account_named(options.account), {}) else 0
    return check_all()


def check_all() -> int:
    """Check the chain of every account, and report; return 1 if there is a fault, otherwise 0."""
    return 1 if sum(_told(account, {}) for account in Account.objects.order_by("name")) else 0


def _text(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise Invalid(f"{name} cannot be read: {error.strerror}.") from error


def _told(account: Account, anchors: Mapping[int, str]) -> int:
    """Print what is wrong with an account's log; return the number of faults."""
    faults = 0
    with scope.account(account.pk):
        walk = Walk(account.pk, anchors)
        for fault in walk.faults():
            faults += 1
            print(f"{account}: {_named(fault)}: {fault.what.label}.")
        if not faults:
            print(f"{account}: {walk.walked:,} entries, and the chain holds.")
        if walk.erased:
            print(
                f"{account}: {walk.erased:,} entries have no personal data any more;"
                f" {walk.erasures.acts:,} say so."
            )
        print(f"{account}: {_anchored(walk)}")
    return faults


def _named(fault: Fault) -> str:
    return f"entries {fault.numbers}" if fault.last > fault.seq else f"entry {fault.seq}"


def _anchored(walk: Walk) -> str:
    if not walk.anchored:
        return "no checkpoint was kept elsewhere, so that entries cut off at the end do not show."
    newer = max(walk.last - walk.anchored, 0)
    told = f"anchored up to entry {walk.anchored:,} by a checkpoint"
    return f"{told}; {newer:,} newer are not yet." if newer else f"{told}, the last one."
