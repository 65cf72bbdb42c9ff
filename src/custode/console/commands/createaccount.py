"""Make an account with its first pipeline and its first admin.

Prints the link by which the admin sets a password. It works once, for three days.
"""

from __future__ import annotations

import argparse

from django.utils import translation

from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.console.commands import common
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import moves as lead_moves
from custode.people import addresses
from custode.people import moves as people_moves
from custode.people.models import Role
from custode.signin.handing import link_for


def arguments(parser: argparse.ArgumentParser) -> None:
    """What may stand on the line."""
    parser.add_argument("name", help="the company's name")
    parser.add_argument("--edition", required=True, choices=Edition.values)
    parser.add_argument("--admin", required=True, metavar="E-MAIL", help="the admin's address")
    parser.add_argument("--first-name", default="", help="the admin's; else taken from the address")
    parser.add_argument("--last-name", default="")
    parser.add_argument("--language", type=common.language, default="en")
    parser.add_argument("--time-zone", type=common.time_zone, default="Europe/Rome")
    parser.add_argument("--currency", type=common.currency, default="EUR")


def run(options: argparse.Namespace) -> None:
    """Make the account."""
    email = addresses.read(options.admin.strip())
    if email is None:
        raise Invalid("The admin needs an e-mail address.", field="email")
    addresses.require_free(email)
    with translation.override(options.language):
        account = account_moves.create(
            options.name,
            options.edition,
            language=options.language,
            time_zone=options.time_zone,
            currency=options.currency,
        )
        operator = Actor.operator(account.pk)
        with scope.account(account.pk):
            lead_moves.first_pipeline(operator)
        admin = people_moves.create(
            operator,
            first_name=options.first_name or options.admin.split("@")[0].strip().capitalize(),
            last_name=options.last_name,
            email=email,
            role=Role.ADMIN,
            language=options.language,
            time_zone=options.time_zone,
        )
        link = link_for(operator, admin)
    print(
        f"The account “{account}” is made. {admin.email} sets a password here, within three days:"
    )
    print(link)
