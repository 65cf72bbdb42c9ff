"""Look up what several commands need: an account, a user, a setting's value."""

from __future__ import annotations

import argparse
import zoneinfo

from django.conf import settings

from custode.accounts.models import Account
from custode.kernel import scope
from custode.kernel.errors import Invalid
from custode.people.models import User


def account_named(name: str) -> Account:
    """Return the account with this name.

    Raises:
        Invalid: there is none; the message lists the existing accounts.
    """
    found = Account.objects.filter(name=name).first()
    if found is None:
        names = ", ".join(f"“{one}”" for one in Account.objects.order_by("name")[:20])
        raise Invalid(
            f"There is no account “{name}”. There are: {names}."
            if names
            else "There is no account yet. `custode createaccount` makes one."
        )
    return found


def user_with_email(account: Account, email: str) -> User:
    """Return the account's user with this e-mail address; raise `Invalid` if there is none."""
    address = email.strip().lower()
    with scope.account(account.pk):
        found = (
            User.objects.filter(email=address).first()
            or User.objects.filter(email=None, pending_email=address).first()
        )
    if found is None:
        raise Invalid(f"Nobody in “{account}” has the address {email}.")
    return found


def language(text: str) -> str:
    """Parse a language that Custode speaks, for argparse's `type=`."""
    spoken = dict(settings.LANGUAGES)
    if text not in spoken:
        raise argparse.ArgumentTypeError(f"“{text}” is none of {', '.join(spoken)}")
    return text


def time_zone(text: str) -> str:
    """Parse the name of a time zone such as Europe/Rome, for argparse's `type=`."""
    if text not in zoneinfo.available_timezones():
        raise argparse.ArgumentTypeError(f"“{text}” is no time zone; write one like Europe/Rome")
    return text


def currency(text: str) -> str:
    """Parse a currency's three-letter code, for argparse's `type=`."""
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise argparse.ArgumentTypeError(f"“{text}” is no currency; write three letters like EUR")
    return text.upper()
