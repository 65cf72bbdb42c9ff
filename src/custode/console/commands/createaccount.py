"""Create an account with its first pipeline and its first admin.

Prints the link by which the admin sets a password. It works once, for three days. If the command
was interrupted, or the link has expired, run it again: it completes what is there and prints a new
link.
"""

from __future__ import annotations

import argparse
import sys

from django.utils import translation

from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.accounts.models import Account
from custode.activities import types
from custode.activities.models import ActivityType
from custode.console.commands import common
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import pipelines
from custode.leads.models import Pipeline
from custode.people import addresses
from custode.people import moves as people_moves
from custode.people.models import Role, User
from custode.signin.password_links import link_for


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("name", help="the company's name")
    parser.add_argument("--edition", required=True, choices=Edition.values)
    parser.add_argument(
        "--admin", required=True, metavar="E-MAIL", help="the admin's e-mail address"
    )
    parser.add_argument(
        "--first-name", default="", help="the admin's name; by default from the address"
    )
    parser.add_argument("--last-name", default="")
    parser.add_argument("--language", type=common.language, default="en")
    parser.add_argument("--time-zone", type=common.time_zone, default="Europe/Rome")
    parser.add_argument("--currency", type=common.currency, default="EUR")


def run(options: argparse.Namespace) -> None:
    """Create the account, or complete one of an earlier, interrupted call."""
    email = addresses.read(options.admin.strip())
    if email is None:
        raise Invalid("The admin needs an e-mail address.", field="email")
    with translation.override(options.language):
        account = _begun(options)
        if account is None:
            addresses.require_free(email)
            account = account_moves.create(options.name, **_settings(options))
        try:
            admin = _completed(account, options)
            link = link_for(Actor.operator(account.pk), admin)
        except BaseException:
            print("The account is half made. Run the same command again: it goes on with it.",
                  file=sys.stderr)  # fmt: skip
            raise
    print(
        f"The account “{account}” is made. {admin.email} sets a password here, within three days:"
    )
    print(link)


def _settings(options: argparse.Namespace) -> dict[str, str]:
    names = ("edition", "language", "time_zone", "currency")
    return {name: getattr(options, name) for name in names}


def _begun(options: argparse.Namespace) -> Account | None:
    """Return the account with this name if it has no users, except perhaps this waiting admin.

    Raises:
        Invalid: it was created with other settings.
    """
    account = Account.objects.filter(name=options.name.strip()).first()
    if account is None or not _waits(account, options.admin.strip().lower()):
        return None
    begun = {name: str(getattr(account, name)) for name in _settings(options)}
    if begun != _settings(options):
        told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in begun.items())
        raise Invalid(f"The account “{account}” was begun with {told}. Say the same to go on.")
    return account


def _waits(account: Account, address: str) -> bool:
    with scope.account(account.pk):
        users = list(User.objects.all()[:2])
    alone = [(user.email, user.has_usable_password()) for user in users] == [(address, False)]
    return not users or alone


def _completed(account: Account, options: argparse.Namespace) -> User:
    """Create whatever is still missing, and return the account's admin."""
    operator = Actor.operator(account.pk)
    with scope.account(account.pk):
        if not Pipeline.objects.exists():
            pipelines.first_pipeline(operator)
        if not ActivityType.objects.exists():
            types.first(operator)
        admin = User.objects.first()
    return admin or people_moves.create(
        operator,
        first_name=options.first_name or options.admin.split("@")[0].strip().capitalize(),
        last_name=options.last_name,
        email=addresses.read(options.admin),
        role=Role.ADMIN,
        language=options.language,
        time_zone=options.time_zone,
    )
