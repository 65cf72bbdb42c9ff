"""Which account's rows may be seen. A query with no account in scope raises: it fails closed.

The idea is django-scopes' (https://github.com/raphaelm/django-scopes): no tenant, no rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from custode.kernel.errors import NoScope

_EVERYWHERE: Final = -1
_current: ContextVar[int | None] = ContextVar("custode_account", default=None)


@contextmanager
def account(account_id: int) -> Iterator[None]:
    """Within this block only the rows of one account exist."""
    if account_id <= 0:
        raise NoScope(f"{account_id} is no account.")
    token = _current.set(account_id)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def everywhere(why: str) -> Iterator[None]:
    """The greppable exception: sign-in, start-up checks and operators' commands see all accounts.

    Args:
        why: the reason, for whoever greps.
    """
    if not why:
        raise NoScope("Seeing every account needs a reason.")
    token = _current.set(_EVERYWHERE)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> int:
    """The id of the account in scope; raises `NoScope` when there is none, or when it is all."""
    account_id = limit()
    if account_id is None:
        raise NoScope("This needs one account in scope, and all of them are.")
    return account_id


def limit() -> int | None:
    """What a query must be limited to: an account's id, or None inside `everywhere`."""
    account_id = _current.get()
    if account_id is None:
        raise NoScope("No account is in scope: wrap this in `scope.account(id)`.")
    return None if account_id == _EVERYWHERE else account_id
