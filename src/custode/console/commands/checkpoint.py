"""Print a signed checkpoint of an account's log: what its chain is now.

Keep the text where nobody who holds this machine can change it. `verify-log --checkpoint` later
finds whether entries were cut off or written anew. That it was made is an entry of the log itself.
"""

from __future__ import annotations

import argparse

from custode.console.commands import common
from custode.guard import checkpoints, door
from custode.kernel import scope
from custode.kernel.actor import Actor


def arguments(parser: argparse.ArgumentParser) -> None:
    """What may stand on the line."""
    parser.add_argument("--account", metavar="NAME", required=True, help="whose log")


def run(options: argparse.Namespace) -> None:
    """Make it, print it, and note that it was handed over."""
    account = common.account_named(options.account)
    with scope.account(account.pk):
        one = door.make_checkpoint(Actor.operator(account.pk))
        print(one.text, flush=True)
        checkpoints.note(one)
