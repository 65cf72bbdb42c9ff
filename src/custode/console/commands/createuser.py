"""Create a user of an account.

Sends the user the link for setting a password by e-mail; prints it if no mail server is set up, or
with --print.
"""

from __future__ import annotations

import argparse
import sys

from custode.console.commands import common
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.people import moves
from custode.people.models import Role, User
from custode.signin.letters import invite
from custode.signin.password_links import link_for


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("account", help="the account's name")
    parser.add_argument("--email", required=True)
    parser.add_argument("--first-name", required=True)
    parser.add_argument("--last-name", default="")
    parser.add_argument("--role", required=True, choices=Role.values)
    parser.add_argument("--language", type=common.language, help="by default the account's")
    parser.add_argument("--time-zone", type=common.time_zone, help="by default the account's")
    parser.add_argument("--print", action="store_true", help="print the link instead of mailing it")


def run(options: argparse.Namespace) -> None:
    """Create the user."""
    account = common.account_named(options.account)
    if not options.email.strip():
        raise Invalid("A user who signs in needs an e-mail address.")
    operator = Actor.operator(account.pk)
    user = moves.create(
        operator,
        first_name=options.first_name,
        last_name=options.last_name,
        email=options.email,
        role=options.role,
        language=options.language or account.language,
        time_zone=options.time_zone or account.time_zone,
    )
    link = link_for(operator, user)
    if options.print or not _is_mailed(user):
        print(f"{user} is made and sets a password here, within three days:\n{link}")
    else:
        print(f"{user} is made; the link to set a password was mailed to {user.email}.")


def _is_mailed(user: User) -> bool:
    try:
        return not invite(user)
    except OSError as error:
        print(f"The mail could not be sent: {error}. Give the link yourself.", file=sys.stderr)
        return False
