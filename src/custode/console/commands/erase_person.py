"""Erase personal data from an account's log, permanently: the entries stay, the chain holds.

Either of a user who has left (disabled), in all their acts and the acts that concerned them; or of
a single entry. What remains is what was done, when, through which entrance, and to how many
objects. A new entry records the erasure, without the name.
"""

from __future__ import annotations

import argparse

from custode.accounts.models import Account
from custode.console.commands import common
from custode.guard import door
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.people import erasing
from custode.people.models import User


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--account", metavar="NAME", required=True, help="the account's name")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--email", metavar="ADDRESS", help="the user's e-mail address")
    what.add_argument("--user", metavar="NUMBER", type=int, help="the user's number")
    what.add_argument("--entry", metavar="NUMBER", type=int, help="the entry's number")
    parser.add_argument(
        "--reason", metavar="TEXT", default="", help="the reason; it stays in the log"
    )


def run(options: argparse.Namespace) -> None:
    """Erase, and say from how many entries."""
    account = common.account_named(options.account)
    operator = Actor.operator(account.pk)
    with scope.account(account.pk):
        if options.entry is not None:
            act = door.erase_entry(operator, options.entry, reason=options.reason)
        else:
            act = erasing.erase(operator, _user(account, options), reason=options.reason)
    print(f"Personal data were erased from {act.count:,} entries. Entry {act.seq} says so.")


def _user(account: Account, options: argparse.Namespace) -> User:
    if options.email is not None:
        return common.user_with_email(account, options.email)
    found = User.objects.filter(pk=options.user).first()
    if found is None:
        raise Invalid(f"There is no user {options.user} in “{account}”.")
    return found
