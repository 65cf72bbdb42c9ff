"""The account in scope, whose rows queries see. A query without one raises: it fails closed.

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
    """Limit queries to the rows of one account within this block."""
    if account_id <= 0:
        raise NoScope(f"{account_id} is no account.")
    token = _current.set(account_id)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def everywhere(why: str) -> Iterator[None]:
    """Let queries see all accounts: for sign-in, start-up checks and operators' commands only.

    Args:
        why: the reason, so that each use can be found and judged by a search.
    """
    if not why:
        raise NoScope("Seeing every account needs a reason.")
    token = _current.set(_EVERYWHERE)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> int:
    """Return the id of the account in scope; raise `NoScope` if there is none, or all are."""
    account_id = limit()
    if account_id is None:
        raise NoScope("This needs one account in scope, and all of them are.")
    return account_id


def limit() -> int | None:
    """Return the account id that queries must be limited to, or None inside `everywhere`."""
    account_id = _current.get()
    if account_id is None:
        raise NoScope("No account is in scope: wrap this in `scope.account(id)`.")
    return None if account_id == _EVERYWHERE else account_id
