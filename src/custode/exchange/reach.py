"""How far the rights of a file's maker reached: a file is not for whoever sees less by now.

Only what rights depend on is compared, not each row: whose things they see, and whether they are an
admin.
"""

from __future__ import annotations

from typing import Any, Final

from custode.kernel.actor import Actor, Whose
from custode.people.models import User
from custode.people.visibility import within

_ADMIN: Final = "admin"
_PEOPLE: Final = "people"


def reach_of(actor: Actor) -> dict[str, Any]:
    """Return an actor's present reach; one without people extends to everybody in the account."""
    if actor.reach.sees is Whose.ALL:
        return {_ADMIN: actor.is_admin}
    people = User.objects.filter(within(actor, actor.reach.sees, "pk"))
    return {_ADMIN: actor.is_admin, _PEOPLE: sorted(people.values_list("pk", flat=True))}


def reaches(now: dict[str, Any], then: dict[str, Any]) -> bool:
    """Return whether a reach covers one stored with a file; nothing covers one not known."""
    if not then or (then[_ADMIN] and not now[_ADMIN]):
        return False
    if _PEOPLE not in now:
        return True
    return _PEOPLE in then and set(then[_PEOPLE]) <= set(now[_PEOPLE])
