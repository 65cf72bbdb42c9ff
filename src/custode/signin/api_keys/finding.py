"""Finding the key that a request carries."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from custode.kernel import clock, scope
from custode.signin.api_keys.models import ApiKey
from custode.signin.api_keys.moves import BEGINS, digest_of

USED_EVERY: Final = timedelta(minutes=1)
"""The minimum time between two updates of a key's last use."""


def key_of(text: str) -> ApiKey | None:
    """Return the key with its account, even if expired or revoked; None if there is no such key."""
    account_id = account_of(text)
    if account_id is None:
        return None
    with scope.account(account_id):
        rows = ApiKey.objects.filter(digest=digest_of(text)).select_related("account")
        # A digest is unique, and `first` would add an order.
        return next(iter(rows), None)


def account_of(text: str) -> int | None:
    """Return the account that a key names, before any lookup; None if it is no key."""
    begin, _, rest = text.partition("_")
    number, _, secret = rest.partition("_")
    if begin != BEGINS or len(secret) != 43 or not (number.isascii() and number.isdecimal()):
        return None
    return int(number) if len(number) < 18 and int(number) else None


def touch(key: ApiKey, ip: str) -> None:
    """Record that a key is used, and from where; at most once a minute."""
    now = clock.now()
    if key.used_at is None or now - key.used_at >= USED_EVERY:
        ApiKey.objects.filter(pk=key.pk, used_at=key.used_at).update(used_at=now, used_ip=ip)
