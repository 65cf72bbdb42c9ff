"""Create an application's API key and print it alone on the last line. It is shown only once.

Scopes: read, write, delete, export, admin; each must be given, as none includes another.
"""

from __future__ import annotations

import argparse
import zoneinfo
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from custode.accounts.models import Account
from custode.console.commands import common
from custode.kernel.actor import Actor, Scope
from custode.kernel.errors import Invalid
from custode.signin.api_keys import moves


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("name", help="the application's name")
    parser.add_argument("--account", required=True, help="the account's name")
    parser.add_argument("--scopes", required=True, type=scopes, help="separated by commas")
    parser.add_argument(
        "--expires", type=date.fromisoformat, help="its last day, for example 2026-12-31"
    )
    parser.add_argument("--description", default="", help="what it is for")
    parser.add_argument(
        "--recoverable", action="store_true",
        help="also store it encrypted, for the old signature of webhooks",
    )  # fmt: skip


def run(options: argparse.Namespace) -> None:
    """Create the key."""
    account = common.account_named(options.account)
    key, text = moves.make(
        Actor.operator(account.pk),
        options.name,
        options.scopes,
        description=options.description,
        expires_at=_end_of(options.expires, account),
        recoverable=options.recoverable,
    )
    print(f"“{key}” may come into “{account}”, good for {', '.join(key.scope_words)}:")
    print(text)


def scopes(text: str) -> list[Scope]:
    """Parse comma-separated scopes, for argparse's `type=`."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [word for word in words if word not in set(Scope)]
    if unknown or not words:
        known = ", ".join(Scope)
        raise argparse.ArgumentTypeError(f"“{text}” is not some of {known}")
    return [Scope(word) for word in words]


def _end_of(day: date | None, account: Account) -> datetime | None:
    """Return the end of a day in the account's time zone."""
    if day is None:
        return None
    if not 1900 <= day.year <= 9000:
        raise Invalid(f"{day} is too far away.")
    zone = zoneinfo.ZoneInfo(account.time_zone)
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()), zone)
