"""Erase personal data from an account's log, for good: the entries stay, and the chain holds.

Of a user who has left (disabled), in all that they did and in the acts that concerned them; or of
one entry. What remains is what was done, when, by which entrance, and on how many objects. A new
entry tells that something was erased, without the name.
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
    """What may stand on the line."""
    parser.add_argument("--account", metavar="NAME", required=True, help="in whose log")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--email", metavar="ADDRESS", help="of the user with this address")
    what.add_argument("--user", metavar="NUMBER", type=int, help="of the user with this number")
    what.add_argument("--entry", metavar="NUMBER", type=int, help="of the entry with this number")
    parser.add_argument("--reason", metavar="TEXT", default="", help="why; it stays in the log")


def run(options: argparse.Namespace) -> None:
    """Erase, and tell from how many entries."""
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
