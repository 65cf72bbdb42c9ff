"""Move an account to another edition. Its privacy settings go on protecting."""

from __future__ import annotations

import argparse

from custode.accounts import moves
from custode.accounts.editions import Edition
from custode.console.commands import common
from custode.kernel.actor import Actor


def arguments(parser: argparse.ArgumentParser) -> None:
    """What may stand on the line."""
    parser.add_argument("account", help="the account's name")
    parser.add_argument("edition", choices=Edition.values)


def run(options: argparse.Namespace) -> None:
    """Set the edition."""
    account = common.account_named(options.account)
    moves.set_edition(Actor.operator(account.pk), options.edition)
    print(f"“{account}” now has {Edition(options.edition).label}.")
