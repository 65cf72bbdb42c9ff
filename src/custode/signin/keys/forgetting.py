"""Answers that are kept for a day, of which somebody is erased who has left."""

from __future__ import annotations

import json
from typing import Any

from custode.people.models import User
from custode.signin import sealing
from custode.signin.keys.models import Answered


def forget(user: User) -> int:
    """Erase the answers of the account in scope that were for somebody or that name them.

    That the request was done is kept, so that the same word still does nothing twice.

    Returns:
        how many answers were erased.
    """
    count = 0
    rows = Answered.objects.exclude(body=b"").exclude(status=None)
    for row in rows.iterator(chunk_size=200):
        if row.who == f"user:{user.pk}" or _tells_of(row, user):
            count += Answered.objects.filter(pk=row.pk).update(body=b"")
    return count


def _tells_of(row: Answered, user: User) -> bool:
    """Whether an answer tells who somebody is; one that cannot be read any more might."""
    try:
        return _names(json.loads(sealing.unseal(bytes(row.body).decode())), user)
    except (sealing.Sealed, ValueError):
        return True


def _names(told: Any, user: User) -> bool:
    """Whether something tells who somebody is: by their name or their address, in whatever part."""
    if isinstance(told, dict):
        is_they = told.get("id") == user.pk and {"firstname", "lastname"} <= told.keys()
        return is_they or any(_names(one, user) for one in told.values())
    if isinstance(told, list):
        return any(_names(one, user) for one in told)
    words = [word for word in (user.get_full_name(), user.address) if word]
    return isinstance(told, str) and any(word in told for word in words)
