"""Print a signed checkpoint of an account's log: the present state of its chain.

Keep the text where nobody who controls this machine can change it. With it, `verify-log
--checkpoint` later detects whether entries were cut off or rewritten. Making a checkpoint is itself
an entry of the log.
"""

from __future__ import annotations

import argparse

from custode.console.commands import common
from custode.guard import checkpoints, door
from custode.kernel import scope
from custode.kernel.actor import Actor


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--account", metavar="NAME", required=True, help="the account's name")


def run(options: argparse.Namespace) -> None:
    """Make the checkpoint, print it, and record that it was handed over."""
    account = common.account_named(options.account)
    with scope.account(account.pk):
        one = door.make_checkpoint(Actor.operator(account.pk))
        print(one.text, flush=True)
        checkpoints.note(one)
