"""Remove a user's access, and print a link for setting it up again.

For an admin who is locked out, or if somebody else has a user's access: all sessions end, second
factors and recovery codes are removed, the password and every link sent before become invalid.
Prints the link by which the user sets a password; it works once, for three days. The account's log
records this.
"""

from __future__ import annotations

import argparse

from custode.console.commands import common
from custode.kernel.actor import Actor
from custode.signin import access


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("account", help="the account's name")
    parser.add_argument("--email", required=True, help="the user's e-mail address")


def run(options: argparse.Namespace) -> None:
    """Reset the user."""
    account = common.account_named(options.account)
    user = common.user_with_email(account, options.email)
    link = access.reset(Actor.operator(account.pk), user)
    print(f"{user} is signed out everywhere and sets a new password here, within three days:")
    print(link)
