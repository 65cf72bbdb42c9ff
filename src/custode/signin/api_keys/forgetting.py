"""Erases stored API responses that name a person who has left."""

from __future__ import annotations

import json
from typing import Any

from custode.people.models import User
from custode.signin import sealing
from custode.signin.api_keys.models import Answered


def forget(user: User) -> int:
    """Erase the stored responses of the account in scope that were for a person or name them.

    That the request was performed is kept, so that repeating its key still does nothing twice.

    Returns:
        The number of responses erased.
    """
    count = 0
    rows = Answered.objects.exclude(body=b"").exclude(status=None)
    for row in rows.iterator(chunk_size=200):
        if row.who == f"user:{user.pk}" or _tells_of(row, user):
            count += Answered.objects.filter(pk=row.pk).update(body=b"")
    return count


def _tells_of(row: Answered, user: User) -> bool:
    """Return whether a response identifies a person; one that cannot be read might."""
    try:
        return _names(json.loads(sealing.unseal(bytes(row.body).decode())), user)
    except (sealing.Sealed, ValueError):
        return True


def _names(told: Any, user: User) -> bool:
    """Return whether a value contains a person's name or address, at any depth."""
    if isinstance(told, dict):
        is_they = told.get("id") == user.pk and {"firstname", "lastname"} <= told.keys()
        return is_they or any(_names(one, user) for one in told.values())
    if isinstance(told, list):
        return any(_names(one, user) for one in told)
    words = [word for word in (user.get_full_name(), user.address) if word]
    return isinstance(told, str) and any(word in told for word in words)
