"""Users, teams and addresses in the form for other programs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from custode.people.models import Membership, User

_ADDRESS: Final = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")


def user(one: User | None) -> dict[str, Any] | None:
    """Return the data of a user; None for nobody."""
    if one is None:
        return None
    return {
        "id": one.pk,
        "firstname": one.first_name,
        "lastname": one.last_name,
        "email": one.address,
        "phone": "",
        "mobile_phone": "",
    }


def teams(users: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the first team of each of these users who is in one."""
    found: dict[int, dict[str, Any]] = {}
    rows = Membership.objects.filter(user__in=set(users)).select_related("team").order_by("team")
    for one in rows:
        found.setdefault(one.user_id, {"id": one.team_id, "name": one.team.name})
    return found


def addresses(*texts: str) -> list[str]:
    """Return the e-mail addresses in some texts, each once, in order."""
    found = (match.strip(".") for text in texts for match in _ADDRESS.findall(text))
    return list(dict.fromkeys(one.lower() for one in found))
