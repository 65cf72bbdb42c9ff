"""Move an account to another edition. Its privacy settings remain in force."""

from __future__ import annotations

import argparse

from custode.accounts import downgrade, moves
from custode.accounts.editions import Edition
from custode.console.commands import common
from custode.kernel import scope
from custode.kernel.actor import Actor


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("account", help="the account's name")
    parser.add_argument("edition", choices=Edition.values)


def run(options: argparse.Namespace) -> None:
    """Set the edition."""
    account = common.account_named(options.account)
    moves.set_edition(Actor.operator(account.pk), options.edition)
    print(f"“{account}” now has {Edition(options.edition).label}.")
    account.refresh_from_db()
    with scope.account(account.pk):
        held = len(downgrade.to_confirm(account))
    if held:
        print(
            f"Privacy settings that go on holding: {held}. An admin of the account decides on them:"
            " admin panel, account management, edition."
        )
