"""Take a user's access away, and give the link to begin anew.

For an admin who is locked out, or when somebody else holds a user's access: all sessions end,
second factors and recovery codes are removed, the password and every link sent before are void.
Prints the link by which the user sets a password; it works once, for three days. The log of the
account tells of it.
"""

from __future__ import annotations

import argparse

from custode.console.commands import common
from custode.kernel.actor import Actor
from custode.signin import access


def arguments(parser: argparse.ArgumentParser) -> None:
    """What may stand on the line."""
    parser.add_argument("account", help="the account's name")
    parser.add_argument("--email", required=True, help="the user's address")


def run(options: argparse.Namespace) -> None:
    """Reset the user."""
    account = common.account_named(options.account)
    user = common.user_with_email(account, options.email)
    link = access.reset(Actor.operator(account.pk), user)
    print(f"{user} is signed out everywhere and sets a new password here, within three days:")
    print(link)
